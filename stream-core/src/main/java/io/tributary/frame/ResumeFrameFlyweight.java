package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * RESUME: the receiver's answer to a repeated OPEN.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     stream id                                 |  8
 *  +---------------+---------------+---------------+---------------+
 *  |                     next chunk wanted                         | 12
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class ResumeFrameFlyweight {
  static final int STREAM_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int CHUNK_OFFSET = STREAM_OFFSET + Integer.BYTES;
  static final int LENGTH = CHUNK_OFFSET + Integer.BYTES;

  private ResumeFrameFlyweight() {}

  /** The stream. */
  public static int stream(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + STREAM_OFFSET);
  }

  /** The first chunk that the receiver lacks; all before it are durable there. */
  public static int chunk(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CHUNK_OFFSET);
  }

  /** A whole RESUME; the caller owns it. */
  public static ByteBuf encode(ByteBufAllocator allocator, int stream, int chunk) {
    ByteBuf frame = FrameHeaderFlyweight.encode(allocator, FrameType.RESUME, 0, LENGTH);
    frame.setIntLE(STREAM_OFFSET, stream);
    frame.setIntLE(CHUNK_OFFSET, chunk);
    return frame;
  }

  static void check(ByteBuf frame) {
    StreamIdCheck.positive(FrameType.RESUME, STREAM_OFFSET, stream(frame));
    int chunk = chunk(frame);
    if (chunk < 0) {
      throw FrameFormat.malformed(
          FrameType.RESUME,
          CHUNK_OFFSET,
          "expected a chunk index from 0 to 2147483647, found " + Integer.toUnsignedString(chunk));
    }
  }
}
