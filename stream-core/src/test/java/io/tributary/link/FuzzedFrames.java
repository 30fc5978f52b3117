package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.HelloFrameFlyweight;
import io.tributary.frame.MessageFrameFlyweight;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Frames by the bytes of a fuzzer: headers that fit, checksums that are right, anything else. */
final class FuzzedFrames {
  private static final byte[] PAYLOAD = new byte[0x10000];

  private final ByteBufAllocator allocator;

  FuzzedFrames(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** The next byte, 0 to 255; 0 behind the end. */
  static int next(ByteBuffer bytes) {
    return bytes.hasRemaining() ? bytes.get() & 0xFF : 0;
  }

  /** A HELLO that every peer accepts, always the same. */
  ByteBuf hello() {
    byte[] name = {'f', 'u', 'z', 'z'};
    ByteBuf frame = HelloFrameFlyweight.encode(allocator, 1, 2, new UUID(1, 1), 2, 1, name);
    HelloFrameFlyweight.putCodec(frame, 0, 1, 1, 1);
    return frame;
  }

  /** Any frame. */
  ByteBuf frame(ByteBuffer bytes) {
    int kind = next(bytes);
    return switch (kind % 4) {
      case 0 -> data(bytes);
      case 1 -> message(bytes);
      default -> plain(bytes);
    };
  }

  private ByteBuf data(ByteBuffer bytes) {
    int stream = next(bytes);
    int chunk = next(bytes) % 8;
    int codec = 1 + next(bytes) % 2;
    int count = 1 + next(bytes);
    int total = next(bytes) << 8 | next(bytes);
    int offset = total == 0 ? 0 : (next(bytes) << 8 | next(bytes)) % total;
    int length = Math.min(total - offset, next(bytes) << 8 | next(bytes));
    ByteBuf encoded = Unpooled.wrappedBuffer(PAYLOAD, 0, total);
    ByteBuf header =
        DataFrameFlyweight.encodeHeader(
            allocator, stream, chunk, codec, 1, 0, 0, count, encoded, offset, length);
    ByteBuf whole = allocator.buffer(header.readableBytes() + length);
    whole.writeBytes(header).writeBytes(encoded, offset, length);
    header.release();
    return whole;
  }

  private ByteBuf message(ByteBuffer bytes) {
    int total = next(bytes) << 8 | next(bytes);
    int offset = total == 0 ? 0 : (next(bytes) << 8 | next(bytes)) % total;
    int length = Math.min(total - offset, next(bytes) << 8 | next(bytes));
    return MessageFrameFlyweight.encode(allocator, next(bytes), new byte[total], offset, length);
  }

  /** Any type and flags, and a body of any bytes, by a header that fits it. */
  private ByteBuf plain(ByteBuffer bytes) {
    int type = next(bytes) % 16;
    int flags = next(bytes) % 8;
    int length = Math.min(next(bytes), bytes.remaining());
    ByteBuf frame = allocator.buffer(FrameHeaderFlyweight.HEADER_LENGTH + length);
    frame.writeIntLE(FrameHeaderFlyweight.HEADER_LENGTH + length);
    frame.writeByte(FrameFormat.FRAME_VERSION).writeByte(flags).writeShortLE(type);
    byte[] body = new byte[length];
    bytes.get(body);
    return frame.writeBytes(body);
  }
}
