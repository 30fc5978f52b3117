package io.tributary.link;

import io.netty.buffer.ByteBuf;

/**
 * An encoded chunk with its payload. Whoever takes it releases it, exactly once.
 *
 * @param tensor the tensor's index in the model's schema, at least 0
 * @param first the index of the first element within the tensor, at least 0
 * @param count the number of elements, at least 1
 * @param codec the number of the codec, 1 to 65535
 * @param codecVersion the format version of the codec's bytes, 0 to 255
 * @param payload the encoded bytes, from reader to writer index
 */
public record EncodedChunk(
    int tensor, long first, int count, int codec, int codecVersion, ByteBuf payload) {
  /** Checks the ranges. */
  public EncodedChunk {
    if (tensor < 0
        || first < 0
        || count < 1
        || codec < 1
        || codec > 0xFFFF
        || codecVersion < 0
        || codecVersion > 0xFF) {
      throw new IllegalArgumentException(
          "tensor "
              + tensor
              + ", first "
              + first
              + ", count "
              + count
              + ", codec "
              + codec
              + " version "
              + codecVersion);
    }
  }

  /** The number of encoded bytes. */
  public int encodedLength() {
    return payload.readableBytes();
  }

  /** A second owner's view of the same bytes, to be released on its own. */
  public EncodedChunk retained() {
    return new EncodedChunk(tensor, first, count, codec, codecVersion, payload.retainedDuplicate());
  }

  /** Gives the payload back to its pool. */
  public void release() {
    payload.release();
  }
}
