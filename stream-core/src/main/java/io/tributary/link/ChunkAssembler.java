package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.DataFrameFlyweight;
import org.jspecify.annotations.Nullable;

/**
 * Puts the encoded chunks of one stream together from DATA frames that each passed the decoder.
 *
 * <p>The buffer grows with what arrives, by doubling, and not to the announced length at once: a
 * peer makes this side hold at most twice what it really sent.
 */
final class ChunkAssembler {
  private static final int FIRST_CAPACITY = 64 * 1024;

  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf bytes;
  private int chunk;
  private int codec;
  private int codecVersion;
  private int tensor;
  private long first;
  private int count;
  private int encodedLength;

  /** An assembler that expects the frames of chunk {@code next} first. */
  ChunkAssembler(ByteBufAllocator allocator, int next) {
    this.allocator = allocator;
    this.chunk = next;
  }

  /** The index of the chunk that is under way or comes next. */
  int chunk() {
    return chunk;
  }

  /** Whether part of a chunk has arrived. */
  boolean underWay() {
    return bytes != null;
  }

  /**
   * Copies a frame's payload; the frame stays the caller's.
   *
   * @return the chunk, the caller's to release, if this frame was its last
   * @throws TributaryException {@code MALFORMED} if the frame doesn't continue what came before
   */
  @Nullable EncodedChunk add(ByteBuf frame) {
    int offset = DataFrameFlyweight.payloadOffset(frame);
    if (DataFrameFlyweight.chunk(frame) != chunk) {
      throw malformed("chunk " + chunk, "chunk " + DataFrameFlyweight.chunk(frame));
    }
    ByteBuf into = bytes;
    if (into == null) {
      if (offset != 0) {
        throw malformed("the beginning of chunk " + chunk, "its byte " + offset);
      }
      begin(frame);
      into = allocator.buffer(Math.min(FIRST_CAPACITY, encodedLength), encodedLength);
      bytes = into;
    } else if (offset != into.writerIndex() || !continues(frame)) {
      throw malformed(
          "byte " + into.writerIndex() + " of chunk " + chunk + " as it began",
          "byte " + offset + " of " + DataFrameFlyweight.encodedLength(frame));
    }
    into.writeBytes(
        frame, DataFrameFlyweight.payloadIndex(frame), DataFrameFlyweight.payloadLength(frame));
    if (into.writerIndex() < encodedLength) {
      return null;
    }
    bytes = null;
    chunk++;
    return new EncodedChunk(tensor, first, count, codec, codecVersion, into);
  }

  /** Gives back what has arrived of a chunk under way. */
  void release() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
  }

  private void begin(ByteBuf frame) {
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
