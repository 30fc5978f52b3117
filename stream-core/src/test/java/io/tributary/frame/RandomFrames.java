package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tributary.codec.CodecRange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Random frames that are valid one by one, for fuzz tests here and in the link. */
public final class RandomFrames {
  private final ByteBufAllocator allocator;
  private final Random random;
  private final int maxStream;

  /** Frames whose stream ids go from 1 to {@code maxStream}, so that some of them meet. */
  public RandomFrames(ByteBufAllocator allocator, Random random, int maxStream) {
    this.allocator = allocator;
    this.random = random;
    this.maxStream = maxStream;
  }

  /** A HELLO that every peer accepts: codec 1 in version 1. */
  public ByteBuf hello() {
    byte[] name = "fuzz".getBytes(StandardCharsets.US_ASCII);
    ByteBuf frame =
        HelloFrameFlyweight.encode(
            allocator, 1, 2, new UUID(random.nextLong(), 1), random.nextInt(4), 1, name);
    HelloFrameFlyweight.putCodec(frame, 0, 1, 1, 1);
    return frame;
  }

  /** Any frame but HELLO. */
  public ByteBuf next() {
    int stream = 1 + random.nextInt(maxStream);
    int small = random.nextInt(5);
    if (random.nextInt(500) == 0) {
      // Seldom: most of them end a link of one connection.
      return random.nextBoolean()
          ? StripeFrameFlyweight.encode(allocator, 1 + small, 0, small)
          : TurnFrameFlyweight.encode(allocator, small, random.nextBoolean());
    }
    return switch (random.nextInt(11)) {
      case 0 -> PingFrameFlyweight.encodePing(allocator, random.nextLong());
      case 1 -> PingFrameFlyweight.encodePong(allocator, small);
      case 2 -> open(stream, random.nextBoolean(), small);
      case 3, 4 -> data(stream, small, 1 + random.nextInt(2), random.nextInt(3000));
      case 5 -> CloseFrameFlyweight.encode(allocator, stream, small);
      case 6 -> CancelFrameFlyweight.encode(allocator, stream, random.nextInt(0x10000));
      case 7 -> CreditFrameFlyweight.encode(allocator, stream, 1 + small);
      case 8 -> AckFrameFlyweight.encode(allocator, stream, small, random.nextBoolean());
      case 9 -> ResumeFrameFlyweight.encode(allocator, stream, small);
      default -> message(random.nextInt(3000));
    };
  }

  /** An OPEN of a known kind, now and then an unknown one. */
  public ByteBuf open(int stream, boolean repeated, int chunks) {
    int kind = 1 + random.nextInt(7);
    if (!repeated && random.nextInt(4) == 0) {
      byte[] name = "far".getBytes(StandardCharsets.US_ASCII);
      List<CodecRange> codecs = List.of(new CodecRange(1, 1, 1));
      return OpenFrameFlyweight.encodeFar(
          allocator, stream, kind, 64, 0, 0, 0, chunks, 0, name, codecs);
    }
    return OpenFrameFlyweight.encode(allocator, repeated, stream, kind, 64, 0, 0, 0, chunks, 0);
  }

  /** A DATA frame of a chunk in one or several pieces. */
  public ByteBuf data(int stream, int chunk, int codec, int encodedLength) {
    int offset = random.nextInt(3) == 0 ? random.nextInt(encodedLength + 1) : 0;
    int rest = Math.min(FrameFormat.MAX_PAYLOAD, encodedLength - offset);
    int length = rest == 0 || random.nextBoolean() ? rest : 1 + random.nextInt(rest);
    if (length == 0 && encodedLength > 0) {
      offset = 0;
      length = Math.min(FrameFormat.MAX_PAYLOAD, encodedLength);
    }
    ByteBuf encoded = allocator.buffer(Math.max(1, encodedLength)).writeZero(encodedLength);
    ByteBuf header =
        DataFrameFlyweight.encodeHeader(
            allocator, stream, chunk, codec, 1, 0, 0, 1, encoded, offset, length);
    ByteBuf whole = allocator.buffer().writeBytes(header).writeBytes(encoded, offset, length);
    header.release();
    encoded.release();
    return whole;
  }

  private ByteBuf message(int total) {
    int offset = random.nextInt(3) == 0 ? random.nextInt(total + 1) : 0;
    int length = total - offset;
    return length == 0 && total > 0
        ? MessageFrameFlyweight.encode(allocator, 1, new byte[total], 0, total)
        : MessageFrameFlyweight.encode(allocator, 1, new byte[total], offset, length);
  }
}
