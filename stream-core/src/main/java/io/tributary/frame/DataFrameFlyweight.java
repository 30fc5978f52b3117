package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Locale;

/**
 * DATA: a piece of an encoded chunk. B marks the first piece, E the last; a chunk that fits one
 * frame has both.
 *
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+---------------+---------------+
 *  |                     common header                             |  0
 *  +---------------+---------------+---------------+---------------+
 *  |          codec number         | codec version | dtype         |  8
 *  +---------------+---------------+---------------+---------------+
 *  |                     stream id                                 | 12
 *  +---------------+---------------+---------------+---------------+
 *  |                     chunk index                               | 16
 *  +---------------+---------------+---------------+---------------+
 *  |                     tensor index                              | 20
 *  +---------------+---------------+---------------+---------------+
 *  |                     first element, 8 bytes                    | 24
 *  +---------------+---------------+---------------+---------------+
 *  |                     element count                             | 32
 *  +---------------+---------------+---------------+---------------+
 *  |                     encoded length of the whole chunk         | 36
 *  +---------------+---------------+---------------+---------------+
 *  |                     offset of this payload in it              | 40
 *  +---------------+---------------+---------------+---------------+
 *  |                     CRC32C of bytes 8..43 and the payload     | 44
 *  +---------------+---------------+---------------+---------------+
 *  |                     payload, at most 65536 bytes            ...  48
 *  +---------------+---------------+---------------+---------------+
 * </pre>
 */
public final class DataFrameFlyweight {
  static final int CODEC_OFFSET = FrameHeaderFlyweight.HEADER_LENGTH;
  static final int CODEC_VERSION_OFFSET = CODEC_OFFSET + Short.BYTES;
  static final int DTYPE_OFFSET = CODEC_VERSION_OFFSET + Byte.BYTES;
  static final int STREAM_OFFSET = DTYPE_OFFSET + Byte.BYTES;
  static final int CHUNK_OFFSET = STREAM_OFFSET + Integer.BYTES;
  static final int TENSOR_OFFSET = CHUNK_OFFSET + Integer.BYTES;
  static final int FIRST_OFFSET = TENSOR_OFFSET + Integer.BYTES;
  static final int COUNT_OFFSET = FIRST_OFFSET + Long.BYTES;
  static final int ENCODED_LENGTH_OFFSET = COUNT_OFFSET + Integer.BYTES;
  static final int PAYLOAD_OFFSET_OFFSET = ENCODED_LENGTH_OFFSET + Integer.BYTES;
  static final int CHECKSUM_OFFSET = PAYLOAD_OFFSET_OFFSET + Integer.BYTES;

  /** The number of bytes before the payload. */
  public static final int HEADER_LENGTH = CHECKSUM_OFFSET + Integer.BYTES;

  private DataFrameFlyweight() {}

  /** The number of the codec that encoded the chunk. */
  public static int codec(ByteBuf frame) {
    return frame.getUnsignedShortLE(frame.readerIndex() + CODEC_OFFSET);
  }

  /** The format version of the codec's bytes. */
  public static int codecVersion(ByteBuf frame) {
    return frame.getUnsignedByte(frame.readerIndex() + CODEC_VERSION_OFFSET);
  }

  /** The element type before encoding. */
  public static int dtype(ByteBuf frame) {
    return frame.getUnsignedByte(frame.readerIndex() + DTYPE_OFFSET);
  }

  /** The stream. */
  public static int stream(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + STREAM_OFFSET);
  }

  /** The chunk's place in its stream, counted from 0 over all connections. */
  public static int chunk(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CHUNK_OFFSET);
  }

  /** The tensor's index in the model's schema. */
  public static int tensor(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + TENSOR_OFFSET);
  }

  /** The index of the chunk's first element within its tensor. */
  public static long first(ByteBuf frame) {
    return frame.getLongLE(frame.readerIndex() + FIRST_OFFSET);
  }

  /** The number of elements of the whole chunk. */
  public static int count(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + COUNT_OFFSET);
  }

  /** The number of bytes of the whole encoded chunk. */
  public static int encodedLength(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + ENCODED_LENGTH_OFFSET);
  }

  /** Where this payload lies in the encoded chunk. */
  public static int payloadOffset(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + PAYLOAD_OFFSET_OFFSET);
  }

  /** The checksum as sent. */
  public static int checksum(ByteBuf frame) {
    return frame.getIntLE(frame.readerIndex() + CHECKSUM_OFFSET);
  }

  /** The number of payload bytes in this frame. */
  public static int payloadLength(ByteBuf frame) {
    return (int) FrameHeaderFlyweight.length(frame) - HEADER_LENGTH;
  }

  /** The absolute index at which the payload begins. */
  public static int payloadIndex(ByteBuf frame) {
    return frame.readerIndex() + HEADER_LENGTH;
  }

  /** Whether this is the chunk's first piece. */
  public static boolean begins(ByteBuf frame) {
    return (FrameHeaderFlyweight.flags(frame) & FrameFormat.FLAG_BEGIN) != 0;
  }

  /** Whether this is the chunk's last piece. */
  public static boolean ends(ByteBuf frame) {
    return (FrameHeaderFlyweight.flags(frame) & FrameFormat.FLAG_END) != 0;
  }

  /**
   * The header of one piece, checksum included; the payload follows it on the wire from its own
   * buffer. The caller owns the header.
   *
   * @param encoded the whole encoded chunk, from its reader index; indices stay where they are
   * @param offset where the piece lies in the chunk
   * @param length the piece's bytes, at most {@link FrameFormat#MAX_PAYLOAD}
   */
  public static ByteBuf encodeHeader(
      ByteBufAllocator allocator,
      int stream,
      int chunk,
      int codec,
      int codecVersion,
      int tensor,
      long first,
      int count,
      ByteBuf encoded,
      int offset,
      int length) {
    int encodedLength = encoded.readableBytes();
    int flags =
        (offset == 0 ? FrameFormat.FLAG_BEGIN : 0)
            | (offset + length == encodedLength ? FrameFormat.FLAG_END : 0);
    ByteBuf frame =
        FrameHeaderFlyweight.encode(
            allocator, FrameType.DATA, flags, HEADER_LENGTH, HEADER_LENGTH + length);
    frame.setShortLE(CODEC_OFFSET, codec);
    frame.setByte(CODEC_VERSION_OFFSET, codecVersion);
    frame.setByte(DTYPE_OFFSET, FrameFormat.DTYPE_FLOAT32);
    frame.setIntLE(STREAM_OFFSET, stream);
    frame.setIntLE(CHUNK_OFFSET, chunk);
    frame.setIntLE(TENSOR_OFFSET, tensor);
    frame.setLongLE(FIRST_OFFSET, first);
    frame.setIntLE(COUNT_OFFSET, count);
    frame.setIntLE(ENCODED_LENGTH_OFFSET, encodedLength);
    frame.setIntLE(PAYLOAD_OFFSET_OFFSET, offset);
    frame.setIntLE(
        CHECKSUM_OFFSET,
        FrameChecksum.compute(
            frame,
            CODEC_OFFSET,
            CHECKSUM_OFFSET - CODEC_OFFSET,
            encoded,
            encoded.readerIndex() + offset,
            length));
    return frame;
  }

  /**
   * The header of a part of a piece that came on another link, for the same chunk of another
   * stream; the part's payload follows it on the wire as a slice of {@code frame}. The caller owns
   * the header.
   *
   * @param frame a DATA frame that passed the decoder; indices stay where they are
   * @param stream the stream on the link that it leaves by
   * @param from where the part begins in the frame's payload
   * @param length the part's bytes
   */
  public static ByteBuf encodeHeaderOfPart(
      ByteBufAllocator allocator, ByteBuf frame, int stream, int from, int length) {
    int offset = payloadOffset(frame) + from;
    int flags =
        (offset == 0 ? FrameFormat.FLAG_BEGIN : 0)
            | (offset + length == encodedLength(frame) ? FrameFormat.FLAG_END : 0);
    ByteBuf header =
        FrameHeaderFlyweight.encode(
            allocator, FrameType.DATA, flags, HEADER_LENGTH, HEADER_LENGTH + length);
    header.setBytes(
        CODEC_OFFSET, frame, frame.readerIndex() + CODEC_OFFSET, CHECKSUM_OFFSET - CODEC_OFFSET);
    header.setIntLE(STREAM_OFFSET, stream);
    header.setIntLE(PAYLOAD_OFFSET_OFFSET, offset);
    header.setIntLE(
        CHECKSUM_OFFSET,
        FrameChecksum.compute(
            header,
            CODEC_OFFSET,
            CHECKSUM_OFFSET - CODEC_OFFSET,
            frame,
            payloadIndex(frame) + from,
            length));
    return header;
  }

  static void check(ByteBuf frame, FrameLimits limits) {
    int found = checksum(frame);
    int expected =
        FrameChecksum.compute(
            frame,
            frame.readerIndex() + CODEC_OFFSET,
            CHECKSUM_OFFSET - CODEC_OFFSET,
            frame,
            payloadIndex(frame),
            payloadLength(frame));
    if (found != expected) {
      throw FrameFormat.malformed(
          FrameType.DATA,
          CHECKSUM_OFFSET,
          String.format(Locale.ROOT, "expected checksum 0x%08x, found 0x%08x", expected, found));
    }
    StreamIdCheck.positive(FrameType.DATA, STREAM_OFFSET, stream(frame));
    notNegative(CHUNK_OFFSET, "chunk index", chunk(frame));
    notNegative(TENSOR_OFFSET, "tensor index", tensor(frame));
    notNegative(FIRST_OFFSET, "first element", first(frame));
    if (codec(frame) == 0) {
      throw FrameFormat.malformed(FrameType.DATA, CODEC_OFFSET, "expected a codec, found 0");
    }
    long count = frame.getUnsignedIntLE(frame.readerIndex() + COUNT_OFFSET);
    if (count == 0) {
      throw FrameFormat.malformed(
          FrameType.DATA, COUNT_OFFSET, "expected at least one element, found none");
    }
    if (count > limits.chunkElements()) {
      throw FrameFormat.exceeded(
          FrameType.DATA, COUNT_OFFSET, "element count", limits.chunkElements(), count);
    }
    long encodedLength = frame.getUnsignedIntLE(frame.readerIndex() + ENCODED_LENGTH_OFFSET);
    if (encodedLength > limits.encodedLength()) {
      throw FrameFormat.exceeded(
          FrameType.DATA,
          ENCODED_LENGTH_OFFSET,
          "encoded length",
          limits.encodedLength(),
          encodedLength);
    }
    checkPlace(frame, encodedLength);
  }

  private static void checkPlace(ByteBuf frame, long encodedLength) {
    long offset = frame.getUnsignedIntLE(frame.readerIndex() + PAYLOAD_OFFSET_OFFSET);
    int length = payloadLength(frame);
    if (offset + length > encodedLength) {
      throw FrameFormat.malformed(
          FrameType.DATA,
          PAYLOAD_OFFSET_OFFSET,
          "expected a payload within "
              + encodedLength
              + " encoded bytes, found "
              + length
              + " bytes at "
              + offset);
    }
    if (length == 0 && encodedLength != 0) {
      throw FrameFormat.malformed(
          FrameType.DATA, FrameHeaderFlyweight.LENGTH_OFFSET, "expected a payload, found none");
    }
    if (begins(frame) != (offset == 0) || ends(frame) != (offset + length == encodedLength)) {
      throw FrameFormat.malformed(
          FrameType.DATA,
          FrameHeaderFlyweight.FLAGS_OFFSET,
          "expected B and E to mark the first and last payload, found flags "
              + FrameHeaderFlyweight.flags(frame)
              + " on "
              + length
              + " bytes at "
              + offset
              + " of "
              + encodedLength);
    }
  }

  private static void notNegative(int offset, String what, long found) {
    if (found < 0) {
      throw FrameFormat.malformed(
          FrameType.DATA, offset, "expected a " + what + " without its top bit, found " + found);
    }
  }
}
