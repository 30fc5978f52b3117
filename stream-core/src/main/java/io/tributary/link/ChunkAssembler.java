package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
  private final ChunkOrder order;
  private @Nullable ByteBuf bytes;

  /** An assembler that expects the frames of chunk {@code next} first. */
  ChunkAssembler(ByteBufAllocator allocator, int next) {
    this.allocator = allocator;
    this.order = new ChunkOrder(next);
  }

  /** The index of the chunk that is under way or comes next. */
  int chunk() {
    return order.chunk();
  }

  /** Whether part of a chunk has arrived. */
  boolean underWay() {
    return order.underWay();
  }

  /**
   * Copies a frame's payload; the frame stays the caller's.
   *
   * @return the chunk, the caller's to release, if this frame was its last
   * @throws TributaryException {@code MALFORMED} if the frame doesn't continue what came before
   */
  @Nullable EncodedChunk add(ByteBuf frame) {
    boolean last = order.take(frame);
    ByteBuf into = bytes;
    if (into == null) {
      int length = order.encodedLength();
      into = allocator.buffer(Math.min(FIRST_CAPACITY, length), length);
      bytes = into;
    }
    into.writeBytes(
        frame, DataFrameFlyweight.payloadIndex(frame), DataFrameFlyweight.payloadLength(frame));
    if (!last) {
      return null;
    }
    bytes = null;
    return order.chunk(into);
  }

  /** Gives back what has arrived of a chunk under way. */
  void release() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
  }
}
