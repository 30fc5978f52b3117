package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The fields that say who a peer is and what it decodes: the end of HELLO, and of an OPEN with flag
 * F.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  | name length   | reserved = 0  |          codec count          | 0
 *  +---------------+---------------+---------------+---------------+
 *  |          codec number         | oldest        | newest        | 4 + 4 i
 *  +---------------+---------------+---------------+---------------+
 *  |                     name, UTF-8                             ...  4 + 4 count
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 *
 * <p>Offsets named {@code at} are those of the fields' beginning within their frame.
 */
final class PeerFields {
  static final int NAME_LENGTH_OFFSET = 0;
  private static final int RESERVED_OFFSET = NAME_LENGTH_OFFSET + Byte.BYTES;
  static final int CODEC_COUNT_OFFSET = RESERVED_OFFSET + Byte.BYTES;
  private static final int CODECS_OFFSET = CODEC_COUNT_OFFSET + Short.BYTES;

  private static final int CODEC_NUMBER_OFFSET = 0;
  private static final int CODEC_OLDEST_OFFSET = CODEC_NUMBER_OFFSET + Short.BYTES;
  private static final int CODEC_NEWEST_OFFSET = CODEC_OLDEST_OFFSET + Byte.BYTES;
  private static final int CODEC_LENGTH = CODEC_NEWEST_OFFSET + Byte.BYTES;

  static final int MAX_NAME_LENGTH = 64;
  static final int MAX_CODECS = 256;
  static final int FIXED_LENGTH = CODECS_OFFSET;
  static final int MAX_LENGTH = FIXED_LENGTH + MAX_CODECS * CODEC_LENGTH + MAX_NAME_LENGTH;

  private PeerFields() {}

  /** The bytes that the fields take. */
  static int length(int codecCount, byte[] name) {
    return FIXED_LENGTH + codecCount * CODEC_LENGTH + name.length;
  }

  /** Fills in all but the codecs, which are zero. */
  static void put(ByteBuf frame, int at, int codecCount, byte[] name) {
    frame.setByte(at + NAME_LENGTH_OFFSET, name.length);
    frame.setByte(at + RESERVED_OFFSET, 0);
    frame.setShortLE(at + CODEC_COUNT_OFFSET, codecCount);
    frame.setZero(at + CODECS_OFFSET, codecCount * CODEC_LENGTH);
    frame.setBytes(at + CODECS_OFFSET + codecCount * CODEC_LENGTH, name);
  }

  static void putCodec(ByteBuf frame, int at, int index, int number, int oldest, int newest) {
    int to = codecAt(frame, at, index);
    frame.setShortLE(to + CODEC_NUMBER_OFFSET, number);
    frame.setByte(to + CODEC_OLDEST_OFFSET, oldest);
    frame.setByte(to + CODEC_NEWEST_OFFSET, newest);
  }

  static int codecCount(ByteBuf frame, int at) {
    return frame.getUnsignedShortLE(frame.readerIndex() + at + CODEC_COUNT_OFFSET);
  }

  static int codecNumber(ByteBuf frame, int at, int index) {
    return frame.getUnsignedShortLE(codecAt(frame, at, index) + CODEC_NUMBER_OFFSET);
  }

  static int codecOldest(ByteBuf frame, int at, int index) {
    return frame.getUnsignedByte(codecAt(frame, at, index) + CODEC_OLDEST_OFFSET);
  }

  static int codecNewest(ByteBuf frame, int at, int index) {
    return frame.getUnsignedByte(codecAt(frame, at, index) + CODEC_NEWEST_OFFSET);
  }

  static String name(ByteBuf frame, int at) {
    return frame.toString(nameAt(frame, at), nameLength(frame, at), StandardCharsets.UTF_8);
  }

  /** Checks all fields, which must reach to the frame's end. */
  static void check(FrameType type, ByteBuf frame, int at) {
    FrameFormat.checkReserved(
        type,
        at + RESERVED_OFFSET,
        frame.getUnsignedByte(frame.readerIndex() + at + RESERVED_OFFSET));
    int nameLength = nameLength(frame, at);
    if (nameLength > MAX_NAME_LENGTH) {
      throw FrameFormat.exceeded(
          type, at + NAME_LENGTH_OFFSET, "name length", MAX_NAME_LENGTH, nameLength);
    }
    int count = codecCount(frame, at);
    if (count > MAX_CODECS) {
      throw FrameFormat.exceeded(type, at + CODEC_COUNT_OFFSET, "codec count", MAX_CODECS, count);
    }
    long expected = at + FIXED_LENGTH + (long) count * CODEC_LENGTH + nameLength;
    long length = FrameHeaderFlyweight.length(frame);
    if (length != expected) {
      throw FrameFormat.malformed(
          type,
          FrameHeaderFlyweight.LENGTH_OFFSET,
          "expected a length of "
              + expected
              + " for "
              + count
              + " codecs and a name of "
              + nameLength
              + " bytes, found "
              + length);
    }
    checkCodecs(type, frame, at, count);
    checkName(type, frame, at);
  }

  private static void checkCodecs(FrameType type, ByteBuf frame, int at, int count) {
    for (int i = 0; i < count; i++) {
      int offset = at + CODECS_OFFSET + i * CODEC_LENGTH;
      int number = codecNumber(frame, at, i);
      int oldest = codecOldest(frame, at, i);
      int newest = codecNewest(frame, at, i);
      if (number == 0 || oldest == 0 || oldest > newest) {
        throw FrameFormat.malformed(
            type,
            offset,
            "expected a codec and a range of its versions, found codec "
                + number
                + ", "
                + oldest
                + " to "
                + newest);
      }
    }
  }

  private static void checkName(FrameType type, ByteBuf frame, int at) {
    int from = nameAt(frame, at);
    int length = nameLength(frame, at);
    try {
      CharSequence name = StandardCharsets.UTF_8.newDecoder().decode(frame.nioBuffer(from, length));
      if (name.length() > 0 && name.chars().noneMatch(Character::isISOControl)) {
        return;
      }
    } catch (CharacterCodingException e) {
      // Falls through: bytes that are no UTF-8 are as bad as a control character.
    }
    throw FrameFormat.malformed(
        type,
        from - frame.readerIndex(),
        "expected a name of 1 to " + MAX_NAME_LENGTH + " bytes UTF-8 without control characters");
  }

  private static int nameLength(ByteBuf frame, int at) {
    return frame.getUnsignedByte(frame.readerIndex() + at + NAME_LENGTH_OFFSET);
  }

  private static int nameAt(ByteBuf frame, int at) {
    return codecAt(frame, at, codecCount(frame, at));
  }

  private static int codecAt(ByteBuf frame, int at, int index) {
    return frame.readerIndex() + at + CODECS_OFFSET + index * CODEC_LENGTH;
  }
}
