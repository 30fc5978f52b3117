package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * PING and PONG: the second carries the nonce of the first.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     nonce, 8 bytes                            |  8
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class PingFrameFlyweight {
  static final int NONCE_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int LENGTH = NONCE_OFFSET + Long.BYTES;

  private PingFrameFlyweight() {}

  /** What tells one PING from another. */
  public static long nonce(ByteBuf frame) {
    return frame.getLongLE(frame.readerIndex() + NONCE_OFFSET);
  }

  /** A whole PING; the caller owns it. */
  public static ByteBuf encodePing(ByteBufAllocator allocator, long nonce) {
    return encode(allocator, FrameType.PING, nonce);
  }

  /** A whole PONG; the caller owns it. */
  public static ByteBuf encodePong(ByteBufAllocator allocator, long nonce) {
    return encode(allocator, FrameType.PONG, nonce);
  }

  private static ByteBuf encode(ByteBufAllocator allocator, FrameType type, long nonce) {
    ByteBuf frame = FrameHeaderFlyweight.encode(allocator, type, 0, LENGTH);
    frame.setLongLE(NONCE_OFFSET, nonce);
    return frame;
  }
}
