package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.DataFrameFlyweight;

/**
 * Sees that the DATA frames of one stream continue each other: chunks one after the other, the
 * pieces of a chunk in order, without gaps, and alike in all that they say of it.
 */
final class ChunkOrder {
  private int chunk;
  private boolean underWay;
  private int arrived;
  private int codec;
  private int codecVersion;
  private int tensor;
  private long first;
  private int count;
  private int encodedLength;

  /** An order that expects the frames of chunk {@code next} first. */
  ChunkOrder(int next) {
    this.chunk = next;
  }

  /** The index of the chunk that is under way or comes next. */
  int chunk() {
    return chunk;
  }

  /** Whether part of a chunk has arrived. */
  boolean underWay() {
    return underWay;
  }

  /** The bytes of the whole chunk that was last begun. */
  int encodedLength() {
    return encodedLength;
  }

  /**
   * Takes note of a frame that passed the decoder.
   *
   * @return whether it is the last of its chunk
   * @throws TributaryException {@code MALFORMED} if it doesn't continue what came before
   */
  boolean take(ByteBuf frame) {
    int offset = DataFrameFlyweight.payloadOffset(frame);
    if (DataFrameFlyweight.chunk(frame) != chunk) {
      throw malformed("chunk " + chunk, "chunk " + DataFrameFlyweight.chunk(frame));
    }
    if (!underWay) {
      if (offset != 0) {
        throw malformed("the beginning of chunk " + chunk, "its byte " + offset);
      }
      begin(frame);
    } else if (offset != arrived || !continues(frame)) {
      throw malformed(
          "byte " + arrived + " of chunk " + chunk + " as it began",
          "byte " + offset + " of " + DataFrameFlyweight.encodedLength(frame));
    }
    arrived += DataFrameFlyweight.payloadLength(frame);
    underWay = arrived < encodedLength;
    if (!underWay) {
      chunk++;
    }
    return !underWay;
  }

  /** The chunk that was last begun, with its payload. */
  EncodedChunk chunk(ByteBuf payload) {
    return new EncodedChunk(tensor, first, count, codec, codecVersion, payload);
  }

  private void begin(ByteBuf frame) {
    arrived = 0;
    codec = DataFrameFlyweight.codec(frame);
    codecVersion = DataFrameFlyweight.codecVersion(frame);
    tensor = DataFrameFlyweight.tensor(frame);
    first = DataFrameFlyweight.first(frame);
    count = DataFrameFlyweight.count(frame);
    encodedLength = DataFrameFlyweight.encodedLength(frame);
  }

  private boolean continues(ByteBuf frame) {
    return codec == DataFrameFlyweight.codec(frame)
        && codecVersion == DataFrameFlyweight.codecVersion(frame)
        && tensor == DataFrameFlyweight.tensor(frame)
        && first == DataFrameFlyweight.first(frame)
        && count == DataFrameFlyweight.count(frame)
        && encodedLength == DataFrameFlyweight.encodedLength(frame);
  }

  private static TributaryException malformed(String expected, String found) {
    return new TributaryException(
        ErrorCode.MALFORMED, "DATA frame: expected " + expected + ", found " + found);
  }
}
