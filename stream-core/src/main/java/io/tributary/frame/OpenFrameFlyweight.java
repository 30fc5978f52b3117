package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tributary.codec.CodecRange;
import java.util.ArrayList;
import java.util.List;

/**
 * OPEN: a stream begins; flag R says that it was sent before and waits for RESUME, flag F that the
 * server at the one end of the link passes it on between two agents. With F, fields follow that say
 * which agent is at the far end.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     stream id                                 |  8
 *  +---------------+---------------+---------------+---------------+
 *  |             kind              | priority      | reserved = 0  | 12
 *  +---------------+---------------+---------------+---------------+
 *  |                     fragment                                  | 16
 *  +---------------+---------------+---------------+---------------+
 *  |                     version                                   | 20
 *  +---------------+---------------+---------------+---------------+
 *  |                     participant                               | 24
 *  +---------------+---------------+---------------+---------------+
 *  |                     chunk count                               | 28
 *  +---------------+---------------+---------------+---------------+
 *  |                     tokens, 8 bytes                           | 32
 *  +---------------+---------------+---------------+---------------+
 *  |                     with F: name and codecs, as in HELLO    ...  40
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class OpenFrameFlyweight {
  static final int STREAM_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int KIND_OFFSET = STREAM_OFFSET + Integer.BYTES;
  static final int PRIORITY_OFFSET = KIND_OFFSET + Short.BYTES;
  static final int RESERVED_OFFSET = PRIORITY_OFFSET + Byte.BYTES;
  static final int FRAGMENT_OFFSET = RESERVED_OFFSET + Byte.BYTES;
  static final int VERSION_OFFSET = FRAGMENT_OFFSET + Integer.BYTES;
  static final int PARTICIPANT_OFFSET = VERSION_OFFSET + Integer.BYTES;
  static final int CHUNKS_OFFSET = PARTICIPANT_OFFSET + Integer.BYTES;
  static final int TOKENS_OFFSET = CHUNKS_OFFSET + Integer.BYTES;
  static final int LENGTH = TOKENS_OFFSET + Long.BYTES;
  static final int FAR_OFFSET = LENGTH;
  static final int MAX_LENGTH = FAR_OFFSET + PeerFields.MAX_LENGTH;

  private OpenFrameFlyweight() {}

  /** The stream: odd from the side that connected, even from the side that listened. */
  public static int stream(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + STREAM_OFFSET);
  }

  /** What the stream carries. */
  public static int kind(ByteBuf frame) {
    return frame.getUnsignedShortLE(frame.readerIndex() + KIND_OFFSET);
  }

  /** How urgent the stream is; 0 goes first. */
  public static int priority(ByteBuf frame) {
    return frame.getUnsignedByte(frame.readerIndex() + PRIORITY_OFFSET);
  }

  /** The fragment of the model, at least 0. */
  public static int fragment(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + FRAGMENT_OFFSET);
  }

  /** The version of the fragment, at least 0. */
  public static int version(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + VERSION_OFFSET);
  }

  /** Whose data the stream carries, at least 0. */
  public static int participant(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + PARTICIPANT_OFFSET);
  }

  /** The number of chunks of the whole stream, at least 0. */
  public static int chunks(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CHUNKS_OFFSET);
  }

  /** The weight of a contribution, at least 0. */
  public static long tokens(ByteBuf frame) {
    return frame.getLongLE(frame.readerIndex() + TOKENS_OFFSET);
  }

  /** Whether the stream was sent before, on a connection that broke. */
  public static boolean repeated(ByteBuf frame) {
    return (FrameHeaderFlyweight.flags(frame) & FrameFormat.FLAG_REPEATED) != 0;
  }

  /** Whether the stream is passed on between two agents. */
  public static boolean far(ByteBuf frame) {
    return (FrameHeaderFlyweight.flags(frame) & FrameFormat.FLAG_FAR) != 0;
  }

  /**
   * With F: from a client the agent that is to get the stream, from a server the one that sends.
   */
  public static String farName(ByteBuf frame) {
    return PeerFields.name(frame, FAR_OFFSET);
  }

  /** With F: the codecs that the agent at the far end decodes; none from a client. */
  public static List<CodecRange> farDecodes(ByteBuf frame) {
    var decodes = new ArrayList<CodecRange>();
    for (int i = 0; i < PeerFields.codecCount(frame, FAR_OFFSET); i++) {
      decodes.add(
          new CodecRange(
              PeerFields.codecNumber(frame, FAR_OFFSET, i),
              PeerFields.codecOldest(frame, FAR_OFFSET, i),
              PeerFields.codecNewest(frame, FAR_OFFSET, i)));
    }
    return decodes;
  }

  /**
   * A whole OPEN with F; the caller owns it.
   *
   * @param name 1 to {@link HelloFrameFlyweight#MAX_NAME_LENGTH} bytes of UTF-8
   * @param decodes {@link HelloFrameFlyweight#MAX_CODECS} at most
   */
  public static ByteBuf encodeFar(
      ByteBufAllocator allocator,
      int stream,
      int kind,
      int priority,
      int fragment,
      int version,
      int participant,
      int chunks,
      long tokens,
      byte[] name,
      List<CodecRange> decodes) {
    ByteBuf frame =
        FrameHeaderFlyweight.encode(
            allocator,
            FrameType.OPEN,
            FrameFormat.FLAG_FAR,
            FAR_OFFSET + PeerFields.length(decodes.size(), name));
    put(frame, stream, kind, priority, fragment, version, participant, chunks, tokens);
    PeerFields.put(frame, FAR_OFFSET, decodes.size(), name);
    for (int i = 0; i < decodes.size(); i++) {
      CodecRange range = decodes.get(i);
      PeerFields.putCodec(frame, FAR_OFFSET, i, range.number(), range.oldest(), range.newest());
    }
    return frame;
  }

  /** A whole OPEN without F; the caller owns it. */
  public static ByteBuf encode(
      ByteBufAllocator allocator,
      boolean repeated,
      int stream,
      int kind,
      int priority,
      int fragment,
      int version,
      int participant,
      int chunks,
      long tokens) {
    ByteBuf frame =
        FrameHeaderFlyweight.encode(
            allocator, FrameType.OPEN, repeated ? FrameFormat.FLAG_REPEATED : 0, LENGTH);
    put(frame, stream, kind, priority, fragment, version, participant, chunks, tokens);
    return frame;
  }

  private static void put(
      ByteBuf frame,
      int stream,
      int kind,
      int priority,
      int fragment,
      int version,
      int participant,
      int chunks,
      long tokens) {
    frame.setIntLE(STREAM_OFFSET, stream);
    frame.setShortLE(KIND_OFFSET, kind);
    frame.setByte(PRIORITY_OFFSET, priority);
    frame.setByte(RESERVED_OFFSET, 0);
    frame.setIntLE(FRAGMENT_OFFSET, fragment);
    frame.setIntLE(VERSION_OFFSET, version);
    frame.setIntLE(PARTICIPANT_OFFSET, participant);
    frame.setIntLE(CHUNKS_OFFSET, chunks);
    frame.setLongLE(TOKENS_OFFSET, tokens);
  }

  static void check(ByteBuf frame) {
    StreamIdCheck.positive(FrameType.OPEN, STREAM_OFFSET, stream(frame));
    FrameFormat.checkReserved(
        FrameType.OPEN,
        RESERVED_OFFSET,
        frame.getUnsignedByte(frame.readerIndex() + RESERVED_OFFSET));
    notNegative(FRAGMENT_OFFSET, "fragment", fragment(frame));
    notNegative(VERSION_OFFSET, "version", version(frame));
    notNegative(PARTICIPANT_OFFSET, "participant", participant(frame));
    notNegative(CHUNKS_OFFSET, "chunk count", chunks(frame));
    notNegative(TOKENS_OFFSET, "token count", tokens(frame));
    if (far(frame)) {
      checkFar(frame);
    } else if (FrameHeaderFlyweight.length(frame) != LENGTH) {
      throw FrameFormat.malformed(
          FrameType.OPEN,
          FrameHeaderFlyweight.LENGTH_OFFSET,
          "expected a length of "
              + LENGTH
              + " without F, found "
              + FrameHeaderFlyweight.length(frame));
    }
  }

  private static void checkFar(ByteBuf frame) {
    if (repeated(frame)) {
      throw FrameFormat.malformed(
          FrameType.OPEN, FrameHeaderFlyweight.FLAGS_OFFSET, "expected R or F, found both");
    }
    if (FrameHeaderFlyweight.length(frame) < FAR_OFFSET + PeerFields.FIXED_LENGTH) {
      throw FrameFormat.malformed(
          FrameType.OPEN,
          FrameHeaderFlyweight.LENGTH_OFFSET,
          "expected name and codecs with F, found "
              + FrameHeaderFlyweight.length(frame)
              + " bytes in all");
    }
    PeerFields.check(FrameType.OPEN, frame, FAR_OFFSET);
  }

  private static void notNegative(int offset, String what, long found) {
    if (found < 0) {
      throw FrameFormat.malformed(
          FrameType.OPEN, offset, "expected a " + what + " without its top bit, found " + found);
    }
  }
}
