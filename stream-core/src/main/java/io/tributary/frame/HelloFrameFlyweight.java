package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tributary.error.UnsupportedFormatException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;

/**
 * HELLO: the first frame in each direction, exactly once.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     magic 'T' 'R' 'B' 'Y'                     |  8
 *  +---------------+---------------+---------------+---------------+
 *  |        oldest protocol        |        newest protocol        | 12
 *  +---------------+---------------+---------------+---------------+
 *  |                     instance, 16 bytes                        | 16
 *  +---------------+---------------+---------------+---------------+
 *  |                     initial credit of a stream                | 32
 *  +---------------+---------------+---------------+---------------+
 *  | name length   | reserved = 0  |          codec count          | 36
 *  +---------------+---------------+---------------+---------------+
 *  |          codec number         | oldest        | newest        | 40 + 4 i
 *  +---------------+---------------+---------------+---------------+
 *  |                     name, UTF-8                             ...  40 + 4 count
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 *
 * <p>Magic and protocol range keep their places in every protocol to come, so that builds of any
 * age can tell each other that they don't fit.
 */
public final class HelloFrameFlyweight {
  static final int MAGIC_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int OLDEST_OFFSET = MAGIC_OFFSET + Integer.BYTES;
  static final int NEWEST_OFFSET = OLDEST_OFFSET + Short.BYTES;
  static final int INSTANCE_OFFSET = NEWEST_OFFSET + Short.BYTES;
  static final int CREDIT_OFFSET = INSTANCE_OFFSET + 2 * Long.BYTES;
  static final int NAME_LENGTH_OFFSET = CREDIT_OFFSET + Integer.BYTES;
  static final int RESERVED_OFFSET = NAME_LENGTH_OFFSET + Byte.BYTES;
  static final int CODEC_COUNT_OFFSET = RESERVED_OFFSET + Byte.BYTES;
  static final int CODECS_OFFSET = CODEC_COUNT_OFFSET + Short.BYTES;

  static final int CODEC_NUMBER_OFFSET = 0;
  static final int CODEC_OLDEST_OFFSET = CODEC_NUMBER_OFFSET + Short.BYTES;
  static final int CODEC_NEWEST_OFFSET = CODEC_OLDEST_OFFSET + Byte.BYTES;
  static final int CODEC_LENGTH = CODEC_NEWEST_OFFSET + Byte.BYTES;

  /** The most bytes of a peer's name in UTF-8. */
  public static final int MAX_NAME_LENGTH = 64;

  /** The most codecs that a side can list. */
  public static final int MAX_CODECS = 256;

  /** The most chunks that a side may grant to a stream in advance. */
  public static final int MAX_INITIAL_CREDIT = 1 << 16;

  static final int FIXED_LENGTH = CODECS_OFFSET;
  static final int MAX_LENGTH = FIXED_LENGTH + MAX_CODECS * CODEC_LENGTH + MAX_NAME_LENGTH;

  private HelloFrameFlyweight() {}

  /** The oldest protocol that the sender speaks. */
  public static int oldest(ByteBuf frame) {
    return frame.getUnsignedShortLE(frame.readerIndex() + OLDEST_OFFSET);
  }

  /** The newest protocol that the sender speaks. */
  public static int newest(ByteBuf frame) {
    return frame.getUnsignedShortLE(frame.readerIndex() + NEWEST_OFFSET);
  }

  /** Tells one process from the next one with the same name. */
  public static UUID instance(ByteBuf frame) {
    int at = frame.readerIndex() + INSTANCE_OFFSET;
    return new UUID(frame.getLongLE(at), frame.getLongLE(at + Long.BYTES));
  }

  /** The chunks that the receiver may send on each stream before the first CREDIT. */
  public static int initialCredit(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CREDIT_OFFSET);
  }

  /** The number of codecs that the sender decodes. */
  public static int codecCount(ByteBuf frame) {
    return frame.getUnsignedShortLE(frame.readerIndex() + CODEC_COUNT_OFFSET);
  }

  /** The number of the {@code index}th codec. */
  public static int codecNumber(ByteBuf frame, int index) {
    return frame.getUnsignedShortLE(codecAt(frame, index) + CODEC_NUMBER_OFFSET);
  }

  /** The oldest format version of the {@code index}th codec that the sender decodes. */
  public static int codecOldest(ByteBuf frame, int index) {
    return frame.getUnsignedByte(codecAt(frame, index) + CODEC_OLDEST_OFFSET);
  }

  /** The newest format version of the {@code index}th codec that the sender decodes. */
  public static int codecNewest(ByteBuf frame, int index) {
    return frame.getUnsignedByte(codecAt(frame, index) + CODEC_NEWEST_OFFSET);
  }

  /** The sender's name. */
  public static String name(ByteBuf frame) {
    return frame.toString(
        codecAt(frame, codecCount(frame)), nameLength(frame), StandardCharsets.UTF_8);
  }

  /**
   * A HELLO whose codecs are still zero; the caller owns it and fills them in with {@link
   * #putCodec}.
   *
   * @param name 1 to {@link #MAX_NAME_LENGTH} bytes of UTF-8
   */
  public static ByteBuf encode(
      ByteBufAllocator allocator,
      int oldest,
      int newest,
      UUID instance,
      int initialCredit,
      int codecCount,
      byte[] name) {
    int length = FIXED_LENGTH + codecCount * CODEC_LENGTH + name.length;
    ByteBuf frame = FrameHeaderFlyweight.encode(allocator, FrameType.HELLO, 0, length);
    frame.setIntLE(MAGIC_OFFSET, FrameFormat.MAGIC);
    frame.setShortLE(OLDEST_OFFSET, oldest);
    frame.setShortLE(NEWEST_OFFSET, newest);
    frame.setLongLE(INSTANCE_OFFSET, instance.getMostSignificantBits());
    frame.setLongLE(INSTANCE_OFFSET + Long.BYTES, instance.getLeastSignificantBits());
    frame.setIntLE(CREDIT_OFFSET, initialCredit);
    frame.setByte(NAME_LENGTH_OFFSET, name.length);
    frame.setByte(RESERVED_OFFSET, 0);
    frame.setShortLE(CODEC_COUNT_OFFSET, codecCount);
    frame.setZero(CODECS_OFFSET, codecCount * CODEC_LENGTH);
    frame.setBytes(CODECS_OFFSET + codecCount * CODEC_LENGTH, name);
    return frame;
  }

  /** Fills in the {@code index}th codec of a HELLO under construction. */
  public static void putCodec(ByteBuf frame, int index, int number, int oldest, int newest) {
    int at = codecAt(frame, index);
    frame.setShortLE(at + CODEC_NUMBER_OFFSET, number);
    frame.setByte(at + CODEC_OLDEST_OFFSET, oldest);
    frame.setByte(at + CODEC_NEWEST_OFFSET, newest);
  }

  /** Checks magic and protocol first: what follows them may differ in another protocol. */
  static void check(ByteBuf frame) {
    int magic = frame.getIntLE(frame.readerIndex() + MAGIC_OFFSET);
    if (magic != FrameFormat.MAGIC) {
      throw FrameFormat.malformed(
          FrameType.HELLO,
          MAGIC_OFFSET,
          String.format(
              Locale.ROOT, "expected magic 0x%08x, found 0x%08x", FrameFormat.MAGIC, magic));
    }
    int oldest = oldest(frame);
    int newest = newest(frame);
    if (oldest > newest) {
      throw FrameFormat.malformed(
          FrameType.HELLO,
          OLDEST_OFFSET,
          "expected a range of protocols, found " + oldest + " to " + newest);
    }
    if (newest < FrameFormat.OLDEST_PROTOCOL || oldest > FrameFormat.NEWEST_PROTOCOL) {
      throw UnsupportedFormatException.version(
          "protocol of the peer",
          oldest,
          newest,
          FrameFormat.OLDEST_PROTOCOL,
          FrameFormat.NEWEST_PROTOCOL);
    }
    FrameFormat.checkReserved(
        FrameType.HELLO,
        RESERVED_OFFSET,
        frame.getUnsignedByte(frame.readerIndex() + RESERVED_OFFSET));
    checkCounts(frame);
    checkCodecs(frame);
    checkName(frame);
  }

  private static void checkCounts(ByteBuf frame) {
    long credit = frame.getUnsignedIntLE(frame.readerIndex() + CREDIT_OFFSET);
    if (credit > MAX_INITIAL_CREDIT) {
      throw FrameFormat.exceeded(
          FrameType.HELLO, CREDIT_OFFSET, "initial credit", MAX_INITIAL_CREDIT, credit);
    }
    int nameLength = nameLength(frame);
    if (nameLength > MAX_NAME_LENGTH) {
      throw FrameFormat.exceeded(
          FrameType.HELLO, NAME_LENGTH_OFFSET, "name length", MAX_NAME_LENGTH, nameLength);
    }
    int count = codecCount(frame);
    if (count > MAX_CODECS) {
      throw FrameFormat.exceeded(
          FrameType.HELLO, CODEC_COUNT_OFFSET, "codec count", MAX_CODECS, count);
    }
    long expected = FIXED_LENGTH + (long) count * CODEC_LENGTH + nameLength;
    long length = FrameHeaderFlyweight.length(frame);
    if (length != expected) {
      throw FrameFormat.malformed(
          FrameType.HELLO,
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
  }

  private static void checkCodecs(ByteBuf frame) {
    int count = codecCount(frame);
    for (int i = 0; i < count; i++) {
      int number = codecNumber(frame, i);
      int oldest = codecOldest(frame, i);
      int newest = codecNewest(frame, i);
      if (number == 0 || oldest == 0 || oldest > newest) {
        throw FrameFormat.malformed(
            FrameType.HELLO,
            CODECS_OFFSET + i * CODEC_LENGTH,
            "expected a codec and a range of its versions, found codec "
                + number
                + ", "
                + oldest
                + " to "
                + newest);
      }
    }
  }

  private static void checkName(ByteBuf frame) {
    int at = codecAt(frame, codecCount(frame));
    int length = nameLength(frame);
    try {
      CharSequence name = StandardCharsets.UTF_8.newDecoder().decode(frame.nioBuffer(at, length));
      if (name.length() > 0 && name.chars().noneMatch(Character::isISOControl)) {
        return;
      }
    } catch (CharacterCodingException e) {
      // Falls through: bytes that are no UTF-8 are as bad as a control character.
    }
    throw FrameFormat.malformed(
        FrameType.HELLO,
        at - frame.readerIndex(),
        "expected a name of 1 to " + MAX_NAME_LENGTH + " bytes UTF-8 without control characters");
  }

  private static int nameLength(ByteBuf frame) {
    return frame.getUnsignedByte(frame.readerIndex() + NAME_LENGTH_OFFSET);
  }

  private static int codecAt(ByteBuf frame, int index) {
    return frame.readerIndex() + CODECS_OFFSET + index * CODEC_LENGTH;
  }
}
