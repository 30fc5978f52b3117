package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * CLOSE: the sender has sent every chunk of the stream.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     stream id                                 |  8
 *  +---------------+---------------+---------------+---------------+
 *  |                     chunk count of the whole stream           | 12
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class CloseFrameFlyweight {
  static final int STREAM_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int CHUNKS_OFFSET = STREAM_OFFSET + Integer.BYTES;
  static final int LENGTH = CHUNKS_OFFSET + Integer.BYTES;

  private CloseFrameFlyweight() {}

  /** The stream. */
  public static int stream(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + STREAM_OFFSET);
  }

  /** The number of chunks of the whole stream, over all connections. */
  public static int chunks(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CHUNKS_OFFSET);
  }

  /** A whole CLOSE; the caller owns it. */
  public static ByteBuf encode(ByteBufAllocator allocator, int stream, int chunks) {
    ByteBuf frame = FrameHeaderFlyweight.encode(allocator, FrameType.CLOSE, 0, LENGTH);
    frame.setIntLE(STREAM_OFFSET, stream);
    frame.setIntLE(CHUNKS_OFFSET, chunks);
    return frame;
  }

  static void check(ByteBuf frame) {
    StreamIdCheck.positive(FrameType.CLOSE, STREAM_OFFSET, stream(frame));
    int chunks = chunks(frame);
    if (chunks < 0) {
      throw FrameFormat.malformed(
          FrameType.CLOSE,
          CHUNKS_OFFSET,
          "expected a chunk count from 0 to 2147483647, found " + Integer.toUnsignedString(chunks));
    }
  }
}
