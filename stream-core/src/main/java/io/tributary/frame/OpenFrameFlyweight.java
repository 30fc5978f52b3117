package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * OPEN: a stream begins; flag R says that it was sent before and waits for RESUME.
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

  /** A whole OPEN; the caller owns it. */
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
    frame.setIntLE(STREAM_OFFSET, stream);
    frame.setShortLE(KIND_OFFSET, kind);
    frame.setByte(PRIORITY_OFFSET, priority);
    frame.setByte(RESERVED_OFFSET, 0);
    frame.setIntLE(FRAGMENT_OFFSET, fragment);
    frame.setIntLE(VERSION_OFFSET, version);
    frame.setIntLE(PARTICIPANT_OFFSET, participant);
    frame.setIntLE(CHUNKS_OFFSET, chunks);
    frame.setLongLE(TOKENS_OFFSET, tokens);
    return frame;
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
  }

  private static void notNegative(int offset, String what, long found) {
    if (found < 0) {
      throw FrameFormat.malformed(
          FrameType.OPEN, offset, "expected a " + what + " without its top bit, found " + found);
    }
  }
}
