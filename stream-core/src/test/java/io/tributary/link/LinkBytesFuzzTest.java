package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.HelloFrameFlyweight;
import io.tributary.frame.MessageFrameFlyweight;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Hostile bytes to a link: the handshake, the frame decoder, and behind a good HELLO frames of all
 * types whose checksums are right. Only declared errors end the link, it holds no more than its
 * share, nothing leaks.
 */
class LinkBytesFuzzTest {
  private static final int SHARE = 64 << 10;

  /** Beside the share: frames in and out. */
  private static final long MOST_BYTES = SHARE + (1 << 20);

  private static final byte[] PAYLOAD = new byte[0x10000];

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

  /** Bytes as they come, from the first one of the connection on. */
  @FuzzTest(maxDuration = "5m")
  void talk(byte[] input) {
    var gauge = new InboundGauge(4L * SHARE, SHARE);
    var side = new EmbeddedLink(TestOptions.with("fuzzed", allocator, 0, 2, gauge));
    ByteBuffer bytes = ByteBuffer.wrap(input);
    if (next(bytes) % 4 == 0) {
      ByteBuf raw = allocator.buffer(Math.max(1, bytes.remaining()));
      side.read(raw.writeBytes(bytes));
    } else {
      side.read(hello());
      while (bytes.hasRemaining() && side.channel.isActive()) {
        side.read(frame(bytes));
        act(side, next(bytes));
        side.written();
        assertThat(live()).isLessThan(MOST_BYTES);
        assertThat(gauge.held()).isLessThanOrEqualTo(SHARE);
      }
    }
    Throwable cause = side.handler.disconnected.poll();
    if (cause != null) {
      // A peer may say INTERNAL of itself; a defect of this side is called so.
      assertThat(cause).isInstanceOf(TributaryException.class);
      assertThat(cause.getMessage()).doesNotStartWith("defect");
    }
    side.finish();
    assertThat(live()).isZero();
    assertThat(gauge.held()).isZero();
  }

  private long live() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  /** The next byte, 0 to 255; 0 behind the end. */
  private static int next(ByteBuffer bytes) {
    return bytes.hasRemaining() ? bytes.get() & 0xFF : 0;
  }

  private ByteBuf hello() {
    byte[] name = {'f', 'u', 'z', 'z'};
    ByteBuf frame = HelloFrameFlyweight.encode(allocator, 1, 1, new UUID(1, 1), 2, 1, name);
    HelloFrameFlyweight.putCodec(frame, 0, 1, 1, 1);
    return frame;
  }

  private ByteBuf frame(ByteBuffer bytes) {
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

  /** The application does with the last stream what a byte says. */
  private static void act(EmbeddedLink side, int what) {
    InboundStream stream = side.handler.streams.poll();
    if (stream == null) {
      return;
    }
    switch (what % 4) {
      case 0 -> stream.reject(ErrorCode.WRONG_VERSION, "not now");
      case 1 ->
          stream
              .chunks()
              .limitRate(1)
              .subscribe(EncodedChunk::release, failure -> {}, stream::acknowledge);
      case 2 -> stream.chunks().take(1).subscribe(EncodedChunk::release, failure -> {});
      default -> {
        // Nobody cares about this one.
      }
    }
  }
}
