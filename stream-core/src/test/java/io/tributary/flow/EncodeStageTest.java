package io.tributary.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.link.EncodedChunk;
import io.tributary.netty.LeakCheckingAllocator;
import io.tributary.tensor.TensorChunk;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class EncodeStageTest {
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private final Scheduler worker = Schedulers.newSingle("encode-test");
  private final EncodeStage stage =
      new EncodeStage(tensor -> new PlainFloatCodec(), allocator, worker);

  @AfterEach
  void stop() {
    worker.dispose();
  }

  @Test
  void encodesInOrderOnTheWorker() {
    StepVerifier.create(stage.encode(source(3)))
        .assertNext(
            chunk -> {
              assertThat(Thread.currentThread().getName()).startsWith("encode-test");
              assertThat(chunk.tensor()).isEqualTo(4);
              assertThat(chunk.first()).isEqualTo(0);
              assertThat(chunk.count()).isEqualTo(2);
              assertThat(chunk.codec()).isEqualTo(0x8001);
              assertThat(chunk.codecVersion()).isEqualTo(3);
              assertThat(chunk.payload().getFloatLE(0)).isEqualTo(0f);
              assertThat(chunk.payload().getFloatLE(4)).isEqualTo(0.5f);
              chunk.release();
            })
        .assertNext(chunk -> releaseFirst(chunk, 2))
        .assertNext(chunk -> releaseFirst(chunk, 4))
        .verifyComplete();
  }

  @Test
  void encodesNothingThatNobodyAskedFor() {
    AtomicInteger encoded = new AtomicInteger();
    EncodeStage counting =
        new EncodeStage(
            tensor -> {
              encoded.incrementAndGet();
              return new PlainFloatCodec();
            },
            allocator,
            worker);
    StepVerifier.create(counting.encode(source(10)), 0)
        .expectSubscription()
        .thenRequest(2)
        .assertNext(EncodedChunk::release)
        .assertNext(EncodedChunk::release)
        .then(() -> worker.schedule(() -> {}))
        .thenCancel()
        .verify();
    assertThat(encoded).hasValue(2);
  }

  @Test
  void takesNoMoreThanOneChunkInAdvance() {
    AtomicInteger taken = new AtomicInteger();
    StepVerifier.create(stage.encode(source(10).doOnNext(c -> taken.incrementAndGet())), 1)
        .assertNext(EncodedChunk::release)
        .thenCancel()
        .verify();
    assertThat(taken.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void aRefusedValueFailsTheStreamAndCancelsTheSource() {
    Flux<TensorChunk> source = Flux.just(chunk(0, 1f), chunk(1, Float.NaN), chunk(2, 1f));
    AtomicInteger cancelled = new AtomicInteger();
    StepVerifier.create(stage.encode(source.doOnCancel(cancelled::incrementAndGet)))
        .assertNext(EncodedChunk::release)
        .verifyErrorMatches(e -> Errors.codeOf(e) == ErrorCode.NON_FINITE);
    assertThat(cancelled).hasValue(1);
  }

  @Test
  void theSourcesFailurePassesThrough() {
    StepVerifier.create(
            stage.encode(source(1).concatWith(Flux.error(new IllegalStateException("source")))))
        .assertNext(EncodedChunk::release)
        .verifyErrorMessage("source");
  }

  private static void releaseFirst(EncodedChunk chunk, long first) {
    assertThat(chunk.first()).isEqualTo(first);
    chunk.release();
  }

  private static Flux<TensorChunk> source(int chunks) {
    float[] values = new float[2 * chunks];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 2f;
    }
    return Flux.range(0, chunks).map(i -> new TensorChunk(4, 2L * i, values, 2 * i, 2));
  }

  private static TensorChunk chunk(int first, float value) {
    return new TensorChunk(0, first, new float[] {value}, 0, 1);
  }
}
