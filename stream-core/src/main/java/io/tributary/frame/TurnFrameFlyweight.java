package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * TURN: what the sender says next comes over another connection of the link; with E nothing more
 * comes over this one.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     connection, 0 to 63                       |  8
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class TurnFrameFlyweight {
  static final int CONNECTION_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int LENGTH = CONNECTION_OFFSET + Integer.BYTES;

  private TurnFrameFlyweight() {}

  /** The connection whose turn it is. */
  public static int connection(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CONNECTION_OFFSET);
  }

  /** Whether this is the last frame on its connection. */
  public static boolean last(ByteBuf frame) {
    return (FrameHeaderFlyweight.flags(frame) & FrameFormat.FLAG_END) != 0;
  }

  /** A whole TURN; the caller owns it. */
  public static ByteBuf encode(ByteBufAllocator allocator, int connection, boolean last) {
    ByteBuf frame =
        FrameHeaderFlyweight.encode(
            allocator, FrameType.TURN, last ? FrameFormat.FLAG_END : 0, LENGTH);
    frame.setIntLE(CONNECTION_OFFSET, connection);
    return frame;
  }

  static void check(ByteBuf frame) {
    int connection = connection(frame);
    if (connection < 0 || connection >= FrameFormat.MAX_CONNECTIONS) {
      throw FrameFormat.malformed(
          FrameType.TURN,
          CONNECTION_OFFSET,
          "expected a connection from 0 to "
              + (FrameFormat.MAX_CONNECTIONS - 1)
              + ", found "
              + Integer.toUnsignedString(connection));
    }
  }
}
