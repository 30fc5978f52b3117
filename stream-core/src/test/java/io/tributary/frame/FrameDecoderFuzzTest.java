package io.tributary.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.netty.LeakCheckingAllocator;
import io.tributary.random.SeededRandom;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Hostile bytes in arbitrary cuts: only declared errors leave the decoder, what it lets pass it
 * would let pass again, memory stays bounded, nothing leaks.
 */
class FrameDecoderFuzzTest {
  private static final FrameLimits LIMITS = new FrameLimits(1000, 100_000, 100_000);
  private static final Set<ErrorCode> DECLARED =
      Set.of(ErrorCode.MALFORMED, ErrorCode.LIMIT_EXCEEDED, ErrorCode.TOO_OLD, ErrorCode.TOO_NEW);

  /** Longest frame, one read and the doubling of the buffer that holds both. */
  private static final long MOST_BYTES = 256 * 1024;

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();
  @RegisterExtension final SeededRandom seeded = new SeededRandom();

  @Test
  void randomBytes() {
    Random random = seeded.get();
    for (int run = 0; run < 3_000; run++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      decode(bytes, random);
    }
  }

  @Test
  void randomBytesBehindAHelloAndAPlausibleHeader() {
    Random random = seeded.get();
    RandomFrames frames = new RandomFrames(allocator, random, 4);
    for (int run = 0; run < 3_000; run++) {
      ByteBuf stream = begin(frames.hello());
      ByteBuf header =
          FrameHeaderFlyweight.encode(
              allocator,
              FrameType.fromWire(1 + random.nextInt(FrameType.values().length)).orElseThrow(),
              random.nextInt(8),
              8,
              random.nextInt(20_000));
      byte[] body = new byte[random.nextInt(20_000)];
      random.nextBytes(body);
      stream.writeBytes(header).writeBytes(body);
      header.release();
      decode(take(stream), random);
    }
  }

  @Test
  void validStreamsPassHoweverTheyAreCut() {
    Random random = seeded.get();
    RandomFrames frames = new RandomFrames(allocator, random, 4);
    for (int run = 0; run < 300; run++) {
      ByteBuf stream = begin(frames.hello());
      int count = 1 + random.nextInt(30);
      for (int i = 0; i < count; i++) {
        append(stream, frames.next());
      }
      assertThat(decode(take(stream), random)).isEqualTo(count + 1);
    }
  }

  @Test
  void mutatedStreams() {
    Random random = seeded.get();
    RandomFrames frames = new RandomFrames(allocator, random, 4);
    for (int run = 0; run < 3_000; run++) {
      ByteBuf stream = begin(frames.hello());
      for (int i = random.nextInt(8); i >= 0; i--) {
        append(stream, frames.next());
      }
      byte[] bytes = take(stream);
      for (int i = random.nextInt(4); i >= 0; i--) {
        // Mostly in headers, where it hurts.
        int at = random.nextInt(random.nextBoolean() ? Math.min(bytes.length, 120) : bytes.length);
        bytes[at] =
            random.nextBoolean()
                ? (byte) random.nextInt()
                : (byte) (bytes[at] ^ 1 << random.nextInt(8));
      }
      decode(bytes, random);
    }
  }

  @Test
  void endlessLargeFramesStayWithinTheBound() {
    Random random = seeded.get();
    RandomFrames frames = new RandomFrames(allocator, random, 4);
    ByteBuf one = frames.data(1, 0, 1, FrameFormat.MAX_PAYLOAD);
    EmbeddedChannel channel = channel();
    channel.writeInbound(frames.hello());
    byte[] bytes = take(one);
    for (int run = 0; run < 2_000; run++) {
      write(channel, bytes, random);
      drain(channel);
    }
    channel.finishAndReleaseAll();
    assertThat(allocator.peakBytes()).isLessThan(MOST_BYTES);
  }

  /** Feeds the bytes in random cuts and returns the number of frames that passed. */
  private int decode(byte[] bytes, Random random) {
    EmbeddedChannel channel = channel();
    TributaryException failure = write(channel, bytes, random);
    if (failure != null) {
      assertThat(DECLARED).contains(failure.code());
    }
    int frames = drain(channel);
    channel.finishAndReleaseAll();
    assertThat(allocator.liveBytes()).isZero();
    assertThat(allocator.peakBytes()).isLessThan(MOST_BYTES);
    return frames;
  }

  private EmbeddedChannel channel() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(allocator);
    channel.pipeline().addLast(new FrameDecoder(LIMITS));
    return channel;
  }

  private @Nullable TributaryException write(EmbeddedChannel channel, byte[] bytes, Random random) {
    TributaryException first = null;
    for (int at = 0; at < bytes.length; ) {
      int length =
          Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 20 : 4096));
      try {
        channel.writeInbound(allocator.buffer(length).writeBytes(bytes, at, length));
      } catch (TributaryException e) {
        // After an offence the decoder drops the rest: one failure, not one for each cut.
        assertThat(first).isNull();
        first = e;
      }
      at += length;
    }
    return first;
  }

  private static int drain(EmbeddedChannel channel) {
    int frames = 0;
    for (ByteBuf frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
      assertThat(FrameHeaderFlyweight.length(frame)).isEqualTo(frame.readableBytes());
      frame.release();
      frames++;
    }
    return frames;
  }

  private ByteBuf begin(ByteBuf hello) {
    ByteBuf stream = allocator.buffer();
    append(stream, hello);
    return stream;
  }

  private static void append(ByteBuf stream, ByteBuf frame) {
    stream.writeBytes(frame);
    frame.release();
  }

  private static byte[] take(ByteBuf stream) {
    byte[] bytes = new byte[stream.readableBytes()];
    stream.readBytes(bytes);
    stream.release();
    return bytes;
  }
}
