package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.nio.ByteBuffer;

/**
 * Hostile bytes to a link: the handshake, the frame decoder, and behind a good HELLO frames of all
 * types whose checksums are right. Only declared errors end the link, it holds no more than its
 * share, nothing leaks.
 */
class LinkBytesFuzzTest {
  private static final int SHARE = 64 << 10;

  /** Beside the share: frames in and out. */
  private static final long MOST_BYTES = SHARE + (1 << 20);

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  private final FuzzedFrames frames = new FuzzedFrames(allocator);

  /** Bytes as they come, from the first one of the connection on. */
  @FuzzTest(maxDuration = "5m")
  void talk(byte[] input) {
    var gauge = new InboundGauge(4L * SHARE, SHARE);
    var side = new EmbeddedLink(TestOptions.with("fuzzed", allocator, 0, 2, gauge));
    ByteBuffer bytes = ByteBuffer.wrap(input);
    if (FuzzedFrames.next(bytes) % 4 == 0) {
      ByteBuf raw = allocator.buffer(Math.max(1, bytes.remaining()));
      side.read(raw.writeBytes(bytes));
    } else {
      side.read(frames.hello());
      while (bytes.hasRemaining() && side.channel.isActive()) {
        side.read(frames.frame(bytes));
        act(side.handler, FuzzedFrames.next(bytes));
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

  /** The application does with the last stream what a byte says. */
  static void act(RecordingHandler handler, int what) {
    InboundStream stream = handler.streams.poll();
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
