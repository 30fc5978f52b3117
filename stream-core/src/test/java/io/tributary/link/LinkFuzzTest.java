package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.frame.RandomFrames;
import io.tributary.netty.LeakCheckingAllocator;
import io.tributary.random.SeededRandom;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

/**
 * Valid frames in an order that makes no sense: a link ends, if it ends, with an error of the peer,
 * never with a defect; and nothing leaks, whatever state a stream was in.
 */
class LinkFuzzTest {
  private static final Set<ErrorCode> DECLARED =
      Set.of(ErrorCode.MALFORMED, ErrorCode.LIMIT_EXCEEDED, ErrorCode.CONNECTION_LOST);

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();
  @RegisterExtension final SeededRandom seeded = new SeededRandom();

  @Test
  void framesInAnyOrder() {
    Random random = seeded.get();
    int survived = 0;
    for (int run = 0; run < 1_500; run++) {
      EmbeddedLink side = new EmbeddedLink(TestOptions.of("fuzzed", allocator));
      RandomFrames frames = new RandomFrames(allocator, random, 6);
      side.read(frames.hello());
      offer(side, random);
      int nextStream = 1;
      for (int i = 0; i < 40 && side.channel.isActive(); i++) {
        // Ascending ids now and then, or no stream would ever open.
        if (random.nextInt(4) == 0) {
          side.read(frames.open(nextStream, random.nextBoolean(), random.nextInt(4)));
          nextStream += 2;
        } else {
          side.read(frames.next());
        }
        act(side, random);
        side.written();
      }
      Throwable cause = side.handler.disconnected.poll();
      if (cause == null) {
        survived++;
      } else {
        assertThat(DECLARED).as("%s", cause).contains(Errors.codeOf(cause));
      }
      side.finish();
      assertThat(allocator.liveBytes()).isZero();
    }
    assertThat(survived).isBetween(10, 1_490);
  }

  /** The application sends a few streams of its own. */
  private void offer(EmbeddedLink side, Random random) {
    for (int i = 0; i < 3; i++) {
      StreamHeader header = new StreamHeader(StreamKind.AGGREGATE, 0, 0, 0, 3, 0);
      side.link()
          .send(
              header,
              random.nextBoolean(),
              from -> Flux.range(from, 3 - from).map(k -> chunk(random.nextInt(40_000))))
          .subscribe(done -> {}, failure -> {});
    }
  }

  /** The application does with streams of the peer whatever comes to its mind. */
  private static void act(EmbeddedLink side, Random random) {
    InboundStream stream = side.handler.streams.poll();
    if (stream == null) {
      return;
    }
    if (stream.repeated() && random.nextBoolean()) {
      stream.resumeAt(random.nextInt(stream.header().chunks() + 1));
    }
    switch (random.nextInt(5)) {
      case 0 -> stream.reject(ErrorCode.WRONG_VERSION, "not now");
      case 1 -> stream.acknowledge();
      case 2 -> stream.chunks().take(1).subscribe(EncodedChunk::release, failure -> {});
      case 3 ->
          stream
              .chunks()
              .limitRate(1)
              .subscribe(EncodedChunk::release, failure -> {}, stream::acknowledge);
      default -> {
        // Nobody cares about this one.
      }
    }
  }

  private EncodedChunk chunk(int length) {
    ByteBuf payload =
        length == 0 ? Unpooled.EMPTY_BUFFER : allocator.buffer(length).writeZero(length);
    return new EncodedChunk(0, 0, 1, 1, 1, payload);
  }
}
