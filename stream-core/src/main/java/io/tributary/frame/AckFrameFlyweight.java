package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * ACK: the receiver holds chunks durably, and will after its own death; flag E says so of the whole
 * stream, which then has ended.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |                     stream id                                 |  8
 *  +---------------+---------------+---------------+---------------+
 *  |                     durable chunks, counted from the first    | 12
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class AckFrameFlyweight {
  static final int STREAM_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int CHUNKS_OFFSET = STREAM_OFFSET + Integer.BYTES;
  static final int LENGTH = CHUNKS_OFFSET + Integer.BYTES;

  private AckFrameFlyweight() {}

  /** The stream. */
  public static int stream(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + STREAM_OFFSET);
  }

  /** The number of chunks from the first on that are durable. */
  public static int chunks(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CHUNKS_OFFSET);
  }

  /** Whether the whole stream is durable. */
  public static boolean whole(ByteBuf frame) {
    return (FrameHeaderFlyweight.flags(frame) & FrameFormat.FLAG_END) != 0;
  }

  /** A whole ACK; the caller owns it. */
  public static ByteBuf encode(ByteBufAllocator allocator, int stream, int chunks, boolean whole) {
    ByteBuf frame =
        FrameHeaderFlyweight.encode(
            allocator, FrameType.ACK, whole ? FrameFormat.FLAG_END : 0, LENGTH);
    frame.setIntLE(STREAM_OFFSET, stream);
    frame.setIntLE(CHUNKS_OFFSET, chunks);
    return frame;
  }

  static void check(ByteBuf frame) {
    StreamIdCheck.positive(FrameType.ACK, STREAM_OFFSET, stream(frame));
    if (chunks(frame) < 0) {
      throw FrameFormat.malformed(
          FrameType.ACK,
          CHUNKS_OFFSET,
          "expected a chunk count from 0 to 2147483647, found "
              + Integer.toUnsignedString(chunks(frame)));
    }
  }
}
