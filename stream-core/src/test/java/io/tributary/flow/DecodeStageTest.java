package io.tributary.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.UnsupportedFormatException;
import io.tributary.link.EncodedChunk;
import io.tributary.netty.LeakCheckingAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class DecodeStageTest {
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private final Scheduler worker = Schedulers.newSingle("decode-test");
  private final DecodeStage stage = new DecodeStage(DecodeStageTest::find, worker, 4);

  @AfterEach
  void stop() {
    worker.dispose();
  }

  @Test
  void decodesInOrderOnTheWorker() {
    List<Float> decoded = new ArrayList<>();
    Mono<Void> done =
        stage.decode(
            Flux.range(0, 9).map(i -> chunk(i, 4)),
            (tensor, first, values, count) -> {
              assertThat(Thread.currentThread().getName()).startsWith("decode-test");
              assertThat(tensor).isEqualTo(5);
              assertThat(first).isEqualTo(decoded.size());
              assertThat(count).isEqualTo(1);
              decoded.add(values[0]);
            });
    StepVerifier.create(done).verifyComplete();
    assertThat(decoded).containsExactly(0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f);
  }

  @Test
  void demandIsTheLookAhead() {
    TestPublisher<EncodedChunk> source = TestPublisher.create();
    AtomicLong requested = new AtomicLong();
    StepVerifier.create(
            stage.decode(source.flux().doOnRequest(requested::addAndGet), (t, f, v, c) -> {}))
        .then(() -> assertThat(requested).hasValue(4))
        .then(() -> source.next(chunk(0, 4), chunk(1, 4), chunk(2, 4)))
        .then(() -> awaitRequests(requested, 7))
        .then(source::complete)
        .verifyComplete();
  }

  @Test
  void corruptBytesFailAndNothingLeaks() {
    StepVerifier.create(
            stage.decode(Flux.range(0, 9).map(i -> chunk(i, i == 2 ? 3 : 4)), (t, f, v, c) -> {}))
        .verifyErrorMatches(e -> Errors.codeOf(e) == ErrorCode.CORRUPT_PAYLOAD);
  }

  @Test
  void anUnknownCodecFailsAndNothingLeaks() {
    ByteBuf payload = allocator.buffer(4).writeIntLE(0);
    StepVerifier.create(
            stage.decode(
                Flux.just(new EncodedChunk(0, 0, 1, 0x8001, 4, payload)), (t, f, v, c) -> {}))
        .verifyErrorMatches(e -> Errors.codeOf(e) == ErrorCode.UNKNOWN_CODEC);
  }

  @Test
  void aSinkThatThrowsFailsTheStage() {
    StepVerifier.create(
            stage.decode(
                Flux.range(0, 9).map(i -> chunk(i, 4)),
                (t, f, v, c) -> {
                  throw new IllegalStateException("sink");
                }))
        .verifyErrorMessage("sink");
  }

  @Test
  void theSourcesFailureComesAfterWhatItGave() {
    List<Float> decoded = new ArrayList<>();
    StepVerifier.create(
            stage.decode(
                Flux.range(0, 2)
                    .map(i -> chunk(i, 4))
                    .concatWith(Flux.error(new IllegalStateException("source"))),
                (t, f, values, c) -> decoded.add(values[0])))
        .verifyErrorMessage("source");
    assertThat(decoded).containsExactly(0f, 1f);
  }

  @Test
  void cancellationReleasesWhatWaits() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    TestPublisher<EncodedChunk> source =
        TestPublisher.createNoncompliant(
            TestPublisher.Violation.DEFER_CANCELLATION, TestPublisher.Violation.REQUEST_OVERFLOW);
    var running =
        stage
            .decode(
                source.flux(),
                (t, f, v, c) -> {
                  busy.countDown();
                  awaitQuietly(go);
                })
            .subscribe();
    source.next(chunk(0, 4), chunk(1, 4), chunk(2, 4), chunk(3, 4));
    assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
    running.dispose();
    go.countDown();
    source.assertCancelled();
    // A chunk that was on its way when the stage was cancelled.
    source.next(chunk(4, 4));
  }

  private static io.tributary.codec.TensorCodec find(int number, int version) {
    PlainFloatCodec codec = new PlainFloatCodec();
    if (number != codec.id().number() || !codec.id().reads(version)) {
      throw UnsupportedFormatException.codec(number + " v" + version, List.of(codec.id()));
    }
    return codec;
  }

  private EncodedChunk chunk(int value, int length) {
    ByteBuf payload = allocator.buffer(4).writeFloatLE(value).writerIndex(length);
    return new EncodedChunk(5, value, 1, 0x8001, 3, payload);
  }

  private static void awaitRequests(AtomicLong requested, long expected) {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (requested.get() != expected && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    assertThat(requested).hasValue(expected);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
