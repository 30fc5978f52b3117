package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Locale;

/**
 * MESSAGE: a piece of an application's message, whose body this protocol doesn't look into. Pieces
 * of one message follow each other; those of two never mix.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |           kind                |         reserved = 0          |  8
 *  +---------------+---------------+---------------+---------------+
 *  |                     total length of the message               | 12
 *  +---------------+---------------+---------------+---------------+
 *  |                     offset of this payload in it              | 16
 *  +---------------+---------------+---------------+---------------+
 *  |                     CRC32C of bytes 8..19 and the payload     | 20
 *  +---------------+---------------+---------------+---------------+
 *  |                     payload, at most 65536 bytes            ...  24
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class MessageFrameFlyweight {
  static final int KIND_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int RESERVED_OFFSET = KIND_OFFSET + Short.BYTES;
  static final int TOTAL_OFFSET = RESERVED_OFFSET + Short.BYTES;
  static final int PAYLOAD_OFFSET_OFFSET = TOTAL_OFFSET + Integer.BYTES;
  static final int CHECKSUM_OFFSET = PAYLOAD_OFFSET_OFFSET + Integer.BYTES;

  /** The number of bytes before the payload. */
  public static final int HEADER_LENGTH = CHECKSUM_OFFSET + Integer.BYTES;

  private MessageFrameFlyweight() {}

  /** What the application knows the message by. */
  public static int kind(ByteBuf frame) {
    return frame.getUnsignedShortLE(frame.readerIndex() + KIND_OFFSET);
  }

  /** The bytes of the whole message. */
  public static int total(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + TOTAL_OFFSET);
  }

  /** Where this payload lies in the message. */
  public static int payloadOffset(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + PAYLOAD_OFFSET_OFFSET);
  }

  /** The checksum as sent. */
  public static int checksum(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CHECKSUM_OFFSET);
  }

  /** The number of payload bytes in this frame. */
  public static int payloadLength(ByteBuf frame) {
    return (int) FrameHeaderFlyweight.length(frame) - HEADER_LENGTH;
  }

  /** The absolute index at which the payload begins. */
  public static int payloadIndex(ByteBuf frame) {
    return frame.readerIndex() + HEADER_LENGTH;
  }

  /**
   * One piece of a message, whole with its payload; the caller owns it.
   *
   * @param length the piece's bytes, at most {@link FrameFormat#MAX_PAYLOAD}
   */
  public static ByteBuf encode(
      ByteBufAllocator allocator, int kind, byte[] body, int offset, int length) {
    ByteBuf frame =
        FrameHeaderFlyweight.encode(allocator, FrameType.MESSAGE, 0, HEADER_LENGTH + length);
    frame.setShortLE(KIND_OFFSET, kind);
    frame.setShortLE(RESERVED_OFFSET, 0);
    frame.setIntLE(TOTAL_OFFSET, body.length);
    frame.setIntLE(PAYLOAD_OFFSET_OFFSET, offset);
    frame.setBytes(HEADER_LENGTH, body, offset, length);
    frame.setIntLE(CHECKSUM_OFFSET, computeChecksum(frame));
    return frame;
  }

  static void check(ByteBuf frame, FrameLimits limits) {
    int found = checksum(frame);
    int expected = computeChecksum(frame);
    if (found != expected) {
      throw FrameFormat.malformed(
          FrameType.MESSAGE,
          CHECKSUM_OFFSET,
          String.format(Locale.ROOT, "expected checksum 0x%08x, found 0x%08x", expected, found));
    }
    FrameFormat.checkReserved(
        FrameType.MESSAGE,
        RESERVED_OFFSET,
        frame.getUnsignedShortLE(frame.readerIndex() + RESERVED_OFFSET));
    long total = frame.getUnsignedIntLE(frame.readerIndex() + TOTAL_OFFSET);
    if (total > limits.messageLength()) {
      throw FrameFormat.exceeded(
          FrameType.MESSAGE, TOTAL_OFFSET, "message length", limits.messageLength(), total);
    }
    long offset = frame.getUnsignedIntLE(frame.readerIndex() + PAYLOAD_OFFSET_OFFSET);
    int length = payloadLength(frame);
    if (offset + length > total || (length == 0 && total != 0)) {
      throw FrameFormat.malformed(
          FrameType.MESSAGE,
          PAYLOAD_OFFSET_OFFSET,
          "expected a payload within " + total + " bytes, found " + length + " bytes at " + offset);
    }
  }

  private static int computeChecksum(ByteBuf frame) {
    return FrameChecksum.compute(
        frame,
        frame.readerIndex() + KIND_OFFSET,
        CHECKSUM_OFFSET - KIND_OFFSET,
        frame,
        payloadIndex(frame),
        payloadLength(frame));
  }
}
