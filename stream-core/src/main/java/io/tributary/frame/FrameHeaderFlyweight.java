package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The 8 bytes that every frame begins with.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                    frame length (whole frame)                 |  0
 *  +---------------+---------------+---------------+---------------+
 *  | frame version | flags         |           frame type          |  4
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class FrameHeaderFlyweight {
  static final int LENGTH_OFFSET = 0;
  static final int VERSION_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  static final int FLAGS_OFFSET = VERSION_OFFSET + Byte.BYTES;
  static final int TYPE_OFFSET = FLAGS_OFFSET + Byte.BYTES;

  /** The number of bytes of the common header. */
  public static final int HEADER_LENGTH = TYPE_OFFSET + Short.BYTES;

  private FrameHeaderFlyweight() {}

  /** The bytes of the whole frame, this header included, 0 to 2^32 - 1. */
  public static long length(ByteBuf frame) {
    return frame.getUnsignedIntLE(frame.readerIndex() + LENGTH_OFFSET);
  }

  /** The version of the frame layout. */
  public static int version(ByteBuf frame) {
    return frame.getUnsignedByte(frame.readerIndex() + VERSION_OFFSET);
  }

  /** The flags, see {@link FrameFormat}. */
  public static int flags(ByteBuf frame) {
    return frame.getUnsignedByte(frame.readerIndex() + FLAGS_OFFSET);
  }

  /** The number of the frame's type. */
  public static int typeNumber(ByteBuf frame) {
    return frame.getUnsignedShortLE(frame.readerIndex() + TYPE_OFFSET);
  }

  /** The type of a frame that passed {@link FrameDecoder}. */
  public static FrameType type(ByteBuf frame) {
    int number = typeNumber(frame);
    return FrameType.fromWire(number)
        .orElseThrow(
            () ->
                FrameFormat.malformed(
                    "frame", TYPE_OFFSET, "expected a frame type, found " + number));
  }

  /**
   * A new buffer that holds the header and room for {@code written} bytes in all, all readable; the
   * frame's length field says {@code frameLength}, which is more where a payload follows in a
   * buffer of its own. The caller owns it.
   */
  static ByteBuf encode(
      ByteBufAllocator allocator, FrameType type, int flags, int written, int frameLength) {
    ByteBuf frame = allocator.buffer(written, written);
    frame.setIntLE(LENGTH_OFFSET, frameLength);
    frame.setByte(VERSION_OFFSET, FrameFormat.FRAME_VERSION);
    frame.setByte(FLAGS_OFFSET, flags);
    frame.setShortLE(TYPE_OFFSET, type.number());
    frame.writerIndex(written);
    return frame;
  }

  static ByteBuf encode(ByteBufAllocator allocator, FrameType type, int flags, int length) {
    return encode(allocator, type, flags, length, length);
  }
}
