package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.error.UnsupportedFormatException;

/** What all frames share: magic, versions, flags, limits, and the checks of the common header. */
public final class FrameFormat {
  /** The first four bytes of a HELLO's body, {@code TRBY} in ASCII, read little endian. */
  public static final int MAGIC = 'T' | 'R' << 8 | 'B' << 16 | 'Y' << 24;

  /** The oldest protocol that this build speaks. */
  public static final int OLDEST_PROTOCOL = 1;

  /** The newest protocol that this build speaks. */
  public static final int NEWEST_PROTOCOL = 2;

  /** The first protocol that has STRIPE and TURN. */
  public static final int STRIPES_PROTOCOL = 2;

  /** The version of the frame header; HELLO and ERROR keep 1 in every protocol to come. */
  public static final int FRAME_VERSION = 1;

  /** B: the first frame of a chunk. */
  public static final int FLAG_BEGIN = 0x01;

  /** E: the last frame of a chunk; in an ACK, the whole stream; in a TURN, of its connection. */
  public static final int FLAG_END = 0x02;

  /** R: the stream was sent before, on a connection that broke; the sender waits for RESUME. */
  public static final int FLAG_REPEATED = 0x04;

  /** F: the stream is passed on between two agents by the server at one end of the link. */
  public static final int FLAG_FAR = 0x08;

  /** The most payload bytes of one DATA or MESSAGE frame. */
  public static final int MAX_PAYLOAD = 64 * 1024;

  /** The most connections of one link. */
  public static final int MAX_CONNECTIONS = 64;

  /** The element type of DATA: IEEE 754 binary32. The only one of this protocol. */
  public static final int DTYPE_FLOAT32 = 1;

  private FrameFormat() {}

  /**
   * Checks the common header at the reader index and returns the frame's type.
   *
   * @param first whether no frame came before on this connection: it must then be a HELLO, or a
   *     STRIPE, which the receiver takes only where it expects one
   * @throws MalformedInputException {@code MALFORMED} if these bytes begin no frame, {@code
   *     LIMIT_EXCEEDED} if the frame is longer than its type allows
   * @throws UnsupportedFormatException {@code TOO_OLD} or {@code TOO_NEW} by the frame version
   */
  static FrameType checkHeader(ByteBuf in, boolean first) {
    int number = FrameHeaderFlyweight.typeNumber(in);
    int version = FrameHeaderFlyweight.version(in);
    FrameType type = FrameType.fromWire(number).orElse(null);
    boolean introduces = type == FrameType.HELLO || type == FrameType.STRIPE;
    if (first && (!introduces || version != FRAME_VERSION)) {
      // Said apart from a wrong type later on: most often the peer is no peer at all, but a
      // browser, a scanner or a TLS client.
      throw malformed(
          "first frame",
          FrameHeaderFlyweight.TYPE_OFFSET,
          "expected HELLO (1) of frame version 1, found type "
              + number
              + " of version "
              + version
              + "; the peer does not speak this protocol");
    }
    if (type == null) {
      throw malformed(
          "frame", FrameHeaderFlyweight.TYPE_OFFSET, "expected a frame type, found " + number);
    }
    if (version != FRAME_VERSION) {
      throw UnsupportedFormatException.version(
          type + " frame", version, version, FRAME_VERSION, FRAME_VERSION);
    }
    int flags = FrameHeaderFlyweight.flags(in);
    if ((flags & ~type.flags()) != 0) {
      throw malformed(
          type,
          FrameHeaderFlyweight.FLAGS_OFFSET,
          "expected flags within 0x"
              + Integer.toHexString(type.flags())
              + ", found 0x"
              + Integer.toHexString(flags));
    }
    if (!first && type == FrameType.HELLO) {
      throw malformed(type, FrameHeaderFlyweight.TYPE_OFFSET, "expected one HELLO, found another");
    }
    long length = FrameHeaderFlyweight.length(in);
    if (length < type.minLength()) {
      throw malformed(
          type,
          FrameHeaderFlyweight.LENGTH_OFFSET,
          "expected a length of at least " + type.minLength() + ", found " + length);
    }
    if (length > type.maxLength()) {
      throw exceeded(type, FrameHeaderFlyweight.LENGTH_OFFSET, "length", type.maxLength(), length);
    }
    return type;
  }

  /** Checks that bytes which this protocol reserves are zero. */
  static void checkReserved(FrameType type, int offset, long found) {
    if (found != 0) {
      throw malformed(type, offset, "expected reserved bytes of 0, found " + found);
    }
  }

  static MalformedInputException malformed(FrameType type, int offset, String expectation) {
    return malformed(type + " frame", offset, expectation);
  }

  static MalformedInputException malformed(String where, int offset, String expectation) {
    return new MalformedInputException(ErrorCode.MALFORMED, where, offset, expectation);
  }

  static MalformedInputException exceeded(
      FrameType type, int offset, String what, long most, long found) {
    return new MalformedInputException(
        ErrorCode.LIMIT_EXCEEDED,
        type + " frame",
        offset,
        "expected a " + what + " of at most " + most + ", found " + found);
  }
}
