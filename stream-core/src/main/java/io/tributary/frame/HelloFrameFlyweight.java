package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tributary.error.UnsupportedFormatException;
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
  static final int PEER_OFFSET = CREDIT_OFFSET + Integer.BYTES;
  static final int NAME_LENGTH_OFFSET = PEER_OFFSET + PeerFields.NAME_LENGTH_OFFSET;
  static final int CODEC_COUNT_OFFSET = PEER_OFFSET + PeerFields.CODEC_COUNT_OFFSET;

  /** The most bytes of a peer's name in UTF-8. */
  public static final int MAX_NAME_LENGTH = PeerFields.MAX_NAME_LENGTH;

  /** The most codecs that a side can list. */
  public static final int MAX_CODECS = PeerFields.MAX_CODECS;

  /** The most chunks that a side may grant to a stream in advance. */
  public static final int MAX_INITIAL_CREDIT = 1 << 16;

  static final int FIXED_LENGTH = PEER_OFFSET + PeerFields.FIXED_LENGTH;
  static final int MAX_LENGTH = PEER_OFFSET + PeerFields.MAX_LENGTH;

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
    return PeerFields.codecCount(frame, PEER_OFFSET);
  }

  /** The number of the {@code index}th codec. */
  public static int codecNumber(ByteBuf frame, int index) {
    return PeerFields.codecNumber(frame, PEER_OFFSET, index);
  }

  /** The oldest format version of the {@code index}th codec that the sender decodes. */
  public static int codecOldest(ByteBuf frame, int index) {
    return PeerFields.codecOldest(frame, PEER_OFFSET, index);
  }

  /** The newest format version of the {@code index}th codec that the sender decodes. */
  public static int codecNewest(ByteBuf frame, int index) {
    return PeerFields.codecNewest(frame, PEER_OFFSET, index);
  }

  /** The sender's name. */
  public static String name(ByteBuf frame) {
    return PeerFields.name(frame, PEER_OFFSET);
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
    int length = PEER_OFFSET + PeerFields.length(codecCount, name);
    ByteBuf frame = FrameHeaderFlyweight.encode(allocator, FrameType.HELLO, 0, length);
    frame.setIntLE(MAGIC_OFFSET, FrameFormat.MAGIC);
    frame.setShortLE(OLDEST_OFFSET, oldest);
    frame.setShortLE(NEWEST_OFFSET, newest);
    frame.setLongLE(INSTANCE_OFFSET, instance.getMostSignificantBits());
    frame.setLongLE(INSTANCE_OFFSET + Long.BYTES, instance.getLeastSignificantBits());
    frame.setIntLE(CREDIT_OFFSET, initialCredit);
    PeerFields.put(frame, PEER_OFFSET, codecCount, name);
    return frame;
  }

  /** Fills in the {@code index}th codec of a HELLO under construction. */
  public static void putCodec(ByteBuf frame, int index, int number, int oldest, int newest) {
    PeerFields.putCodec(frame, PEER_OFFSET, index, number, oldest, newest);
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
    long credit = frame.getUnsignedIntLE(frame.readerIndex() + CREDIT_OFFSET);
    if (credit > MAX_INITIAL_CREDIT) {
      throw FrameFormat.exceeded(
          FrameType.HELLO, CREDIT_OFFSET, "initial credit", MAX_INITIAL_CREDIT, credit);
    }
    PeerFields.check(FrameType.HELLO, frame, PEER_OFFSET);
  }
}
