package io.tributary.link;

import static io.tributary.link.LoopbackPair.PATIENCE;
import static io.tributary.link.LoopbackPair.checkAndRelease;
import static io.tributary.link.LoopbackPair.chunk;
import static io.tributary.link.LoopbackPair.eventually;
import static io.tributary.link.LoopbackPair.header;
import static io.tributary.link.LoopbackPair.send;
import static io.tributary.link.RecordingHandler.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.netty.LeakCheckingAllocator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * Demand of the receiver's consumer decides how far the sender's source runs, and memory with it.
 */
class LinkCreditTest {
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  /** Asks for nothing by itself. */
  private static final class SlowConsumer extends BaseSubscriber<EncodedChunk> {
    final AtomicInteger taken = new AtomicInteger();
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final int length;

    SlowConsumer(int length) {
      this.length = length;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {}

    @Override
    protected void hookOnNext(EncodedChunk chunk) {
      checkAndRelease(chunk, taken.getAndIncrement(), length);
    }

    @Override
    protected void hookOnComplete() {
      done.complete(null);
    }

    @Override
    protected void hookOnError(Throwable failure) {
      done.completeExceptionally(failure);
    }
  }

  @Test
  void theSourceMakesWhatHasCreditAndNothingMore() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    try (LoopbackPair pair =
        new LoopbackPair(
            TestOptions.with("server", allocator, 0, 3),
            TestOptions.with("client", allocator, 0, 3))) {
      var sent = sendCounted(pair, 20, 30_000, made);
      InboundStream stream = take(pair.atServer.streams);
      eventually(() -> made.get() == 3);
      pair.settle();
      assertThat(made).as("the initial credit").hasValue(3);

      SlowConsumer consumer = new SlowConsumer(30_000);
      stream.chunks().subscribe(consumer);
      consumer.request(2);
      eventually(() -> consumer.taken.get() == 2);
      pair.settle();
      assertThat(made).as("a demand within the initial credit").hasValue(3);

      consumer.request(5);
      eventually(() -> consumer.taken.get() == 7);
      pair.settle();
      assertThat(made).as("a demand beyond it").hasValue(7);

      consumer.request(Long.MAX_VALUE);
      assertThat(consumer.done).succeedsWithin(PATIENCE);
      assertThat(made).hasValue(20);
      stream.acknowledge();
      assertThat(sent).succeedsWithin(PATIENCE);
    }
  }

  @Test
  void withoutInitialCreditNothingIsMadeUntilSomebodyAsks() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    try (LoopbackPair pair =
        new LoopbackPair(
            TestOptions.with("server", allocator, 0, 0),
            TestOptions.with("client", allocator, 0, 0))) {
      var sent = sendCounted(pair, 2, 10, made);
      InboundStream stream = take(pair.atServer.streams);
      pair.settle();
      assertThat(made).hasValue(0);
      SlowConsumer consumer = new SlowConsumer(10);
      stream.chunks().subscribe(consumer);
      consumer.request(1);
      eventually(() -> consumer.taken.get() == 1);
      pair.settle();
      assertThat(made).hasValue(1);
      consumer.request(1);
      assertThat(consumer.done).succeedsWithin(PATIENCE);
      stream.acknowledge();
      assertThat(sent).succeedsWithin(PATIENCE);
    }
  }

  @Test
  void memoryIsCreditTimesChunkWhateverTheStreamsLength() throws InterruptedException {
    int length = 1 << 20;
    int chunks = 48;
    AtomicInteger made = new AtomicInteger();
    try (LoopbackPair pair =
        new LoopbackPair(
            TestOptions.of("server", allocator), TestOptions.of("client", allocator))) {
      var sent = sendCounted(pair, chunks, length, made);
      InboundStream stream = take(pair.atServer.streams);
      SlowConsumer consumer = new SlowConsumer(length);
      stream.chunks().subscribe(consumer);
      for (int i = 1; i <= chunks; i++) {
        int expected = i;
        consumer.request(1);
        eventually(() -> consumer.taken.get() == expected);
      }
      assertThat(consumer.done).succeedsWithin(PATIENCE);
      stream.acknowledge();
      assertThat(sent).succeedsWithin(PATIENCE);
    }
    // Two chunks at the sender, the credit of two and one under way at the receiver, which doubles
    // its buffer as it grows; the whole stream would be 48 MiB.
    assertThat(allocator.peakBytes()).isLessThan(8L * length);
  }

  private CompletableFuture<Void> sendCounted(
      LoopbackPair pair, int chunks, int length, AtomicInteger made) {
    return send(
        pair.toServer,
        header(StreamKind.CONTRIBUTION, chunks),
        from ->
            Flux.range(from, chunks - from)
                .map(
                    i -> {
                      made.incrementAndGet();
                      return chunk(allocator, i, length);
                    }));
  }
}
