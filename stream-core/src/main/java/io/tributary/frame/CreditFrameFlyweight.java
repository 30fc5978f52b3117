package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * CREDIT: the receiver of a stream takes more chunks than before.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     stream id                                 |  8
 *  +---------------+---------------+---------------+---------------+
 *  |                     further chunks                            | 12
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class CreditFrameFlyweight {
  static final int STREAM_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int CHUNKS_OFFSET = STREAM_OFFSET + Integer.BYTES;
  static final int LENGTH = CHUNKS_OFFSET + Integer.BYTES;

  private CreditFrameFlyweight() {}

  /** The stream. */
  public static int stream(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + STREAM_OFFSET);
  }

  /** How many chunks more, at least 1. */
  public static int chunks(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CHUNKS_OFFSET);
  }

  /** A whole CREDIT; the caller owns it. */
  public static ByteBuf encode(ByteBufAllocator allocator, int stream, int chunks) {
    ByteBuf frame = FrameHeaderFlyweight.encode(allocator, FrameType.CREDIT, 0, LENGTH);
    frame.setIntLE(STREAM_OFFSET, stream);
    frame.setIntLE(CHUNKS_OFFSET, chunks);
    return frame;
  }

  static void check(ByteBuf frame) {
    StreamIdCheck.positive(FrameType.CREDIT, STREAM_OFFSET, stream(frame));
    int chunks = chunks(frame);
    if (chunks < 1) {
      throw FrameFormat.malformed(
          FrameType.CREDIT,
          CHUNKS_OFFSET,
          "expected a number of chunks from 1 to 2147483647, found "
              + Integer.toUnsignedString(chunks));
    }
  }
}
