package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * STRIPE: another connection of the same link. Over the link it asks for one (token 0), grants it
 * (a token) or refuses it (token 0); on the new connection it says whose that is, and is answered
 * with the same bytes.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     connection, 1 to 63                       |  8
 *  +---------------+---------------+---------------+---------------+
 *  |                     token, 16 bytes                           | 12
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class StripeFrameFlyweight {
  static final int CONNECTION_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int HIGH_OFFSET = CONNECTION_OFFSET + Integer.BYTES;
  static final int LOW_OFFSET = HIGH_OFFSET + Long.BYTES;
  static final int LENGTH = LOW_OFFSET + Long.BYTES;

  private StripeFrameFlyweight() {}

  /** Which connection of the link. */
  public static int connection(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CONNECTION_OFFSET);
  }

  /** The token's high half. */
  public static long tokenHigh(ByteBuf frame) {
    return frame.getLongLE(frame.readerIndex() + HIGH_OFFSET);
  }

  /** The token's low half. */
  public static long tokenLow(ByteBuf frame) {
    return frame.getLongLE(frame.readerIndex() + LOW_OFFSET);
  }

  /** A whole STRIPE; the caller owns it. */
  public static ByteBuf encode(
      ByteBufAllocator allocator, int connection, long tokenHigh, long tokenLow) {
    ByteBuf frame = FrameHeaderFlyweight.encode(allocator, FrameType.STRIPE, 0, LENGTH);
    frame.setIntLE(CONNECTION_OFFSET, connection);
    frame.setLongLE(HIGH_OFFSET, tokenHigh);
    frame.setLongLE(LOW_OFFSET, tokenLow);
    return frame;
  }

  static void check(ByteBuf frame) {
    int connection = connection(frame);
    if (connection < 1 || connection >= FrameFormat.MAX_CONNECTIONS) {
      throw FrameFormat.malformed(
          FrameType.STRIPE,
          CONNECTION_OFFSET,
          "expected a connection from 1 to "
              + (FrameFormat.MAX_CONNECTIONS - 1)
              + ", found "
              + Integer.toUnsignedString(connection));
    }
  }
}
