package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * ERROR: a stream, or with stream 0 the connection, ends. Keeps its layout in every protocol to
 * come, because it must be readable by a peer that speaks another one.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     stream id, 0 for the connection           |  8
 *  +---------------+---------------+---------------+---------------+
 *  |           code                |         text length           | 12
 *  +---------------+---------------+---------------+---------------+
 *  |                     text, UTF-8                             ...  16
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class ErrorFrameFlyweight {
  static final int STREAM_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int CODE_OFFSET = STREAM_OFFSET + Integer.BYTES;
  static final int TEXT_LENGTH_OFFSET = CODE_OFFSET + Short.BYTES;
  static final int TEXT_OFFSET = TEXT_LENGTH_OFFSET + Short.BYTES;

  /** The most bytes of the text in UTF-8; a longer one is cut when it is written. */
  public static final int MAX_TEXT_LENGTH = 1024;

  static final int FIXED_LENGTH = TEXT_OFFSET;
  static final int MAX_LENGTH = FIXED_LENGTH + MAX_TEXT_LENGTH;

  private ErrorFrameFlyweight() {}

  /** The stream that ends, or 0 if the connection does. */
  public static int stream(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + STREAM_OFFSET);
  }

  /** The number of an {@link io.tributary.error.ErrorCode}; the receiver may not know it. */
  public static int code(ByteBuf frame) {
    return frame.getUnsignedShortLE(frame.readerIndex() + CODE_OFFSET);
  }

  /** The text; bytes that are no UTF-8 read as replacement characters. */
  public static String text(ByteBuf frame) {
    return frame.toString(
        frame.readerIndex() + TEXT_OFFSET, textLength(frame), StandardCharsets.UTF_8);
  }

  /** A whole ERROR, its text cut to {@link #MAX_TEXT_LENGTH}; the caller owns it. */
  public static ByteBuf encode(ByteBufAllocator allocator, int stream, int code, String text) {
    String cut = text;
    while (ByteBufUtil.utf8Bytes(cut) > MAX_TEXT_LENGTH) {
      // A character takes at most three bytes a char, so a third is certain to fit in the end.
      int keep = Math.max(MAX_TEXT_LENGTH / 3, cut.length() - 64);
      cut = cut.substring(0, Math.min(keep, cut.length() - 1));
    }
    byte[] bytes = cut.getBytes(StandardCharsets.UTF_8);
    ByteBuf frame =
        FrameHeaderFlyweight.encode(allocator, FrameType.ERROR, 0, FIXED_LENGTH + bytes.length);
    frame.setIntLE(STREAM_OFFSET, stream);
    frame.setShortLE(CODE_OFFSET, code);
    frame.setShortLE(TEXT_LENGTH_OFFSET, bytes.length);
    frame.setBytes(TEXT_OFFSET, bytes);
    return frame;
  }

  static void check(ByteBuf frame) {
    if (stream(frame) != 0) {
      StreamIdCheck.positive(FrameType.ERROR, STREAM_OFFSET, stream(frame));
    }
    int textLength = textLength(frame);
    if (textLength > MAX_TEXT_LENGTH) {
      throw FrameFormat.exceeded(
          FrameType.ERROR, TEXT_LENGTH_OFFSET, "text length", MAX_TEXT_LENGTH, textLength);
    }
    long length = FrameHeaderFlyweight.length(frame);
    if (length != FIXED_LENGTH + textLength) {
      throw FrameFormat.malformed(
          FrameType.ERROR,
          TEXT_LENGTH_OFFSET,
          "expected a text of " + (length - FIXED_LENGTH) + " bytes, found " + textLength);
    }
  }

  private static int textLength(ByteBuf frame) {
    return frame.getUnsignedShortLE(frame.readerIndex() + TEXT_LENGTH_OFFSET);
  }
}
