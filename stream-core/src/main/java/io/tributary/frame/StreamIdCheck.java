package io.tributary.frame;

/** Stream ids on the wire: 1 to 2^31 - 1, and 0 only where a frame may mean the connection. */
final class StreamIdCheck {
  private StreamIdCheck() {}

  static void positive(FrameType type, int offset, int stream) {
    if (stream < 1) {
      throw FrameFormat.malformed(
          type,
          offset,
          "expected a stream id from 1 to 2147483647, found " + Integer.toUnsignedString(stream));
    }
  }
}
