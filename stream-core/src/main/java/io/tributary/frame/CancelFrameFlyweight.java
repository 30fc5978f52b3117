package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * CANCEL: either side gives a stream up; nothing of it follows.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     stream id                                 |  8
 *  +---------------+---------------+---------------+---------------+
 *  |           reason              |         reserved = 0          | 12
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class CancelFrameFlyweight {
  static final int STREAM_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int REASON_OFFSET = STREAM_OFFSET + Integer.BYTES;
  static final int RESERVED_OFFSET = REASON_OFFSET + Short.BYTES;
  static final int LENGTH = RESERVED_OFFSET + Short.BYTES;

  private CancelFrameFlyweight() {}

  /** The stream. */
  public static int stream(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + STREAM_OFFSET);
  }

  /** The number of an {@link io.tributary.error.ErrorCode}; the receiver may not know it. */
  public static int reason(ByteBuf frame) {
    return frame.getUnsignedShortLE(frame.readerIndex() + REASON_OFFSET);
  }

  /** A whole CANCEL; the caller owns it. */
  public static ByteBuf encode(ByteBufAllocator allocator, int stream, int reason) {
    ByteBuf frame = FrameHeaderFlyweight.encode(allocator, FrameType.CANCEL, 0, LENGTH);
    frame.setIntLE(STREAM_OFFSET, stream);
    frame.setShortLE(REASON_OFFSET, reason);
    frame.setShortLE(RESERVED_OFFSET, 0);
    return frame;
  }

  static void check(ByteBuf frame) {
    StreamIdCheck.positive(FrameType.CANCEL, STREAM_OFFSET, stream(frame));
    FrameFormat.checkReserved(
        FrameType.CANCEL,
        RESERVED_OFFSET,
        frame.getUnsignedShortLE(frame.readerIndex() + RESERVED_OFFSET));
  }
}
