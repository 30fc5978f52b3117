package io.tributary.flow;

import io.netty.buffer.ByteBuf;
import io.tributary.codec.TensorCodec;
import io.tributary.link.EncodedChunk;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Turns encoded chunks into values on a worker thread and hands them to a sink. Every chunk is
 * released, on all paths: decoded, failed, cancelled, or still waiting when another failed.
 *
 * <p>Its look-ahead is the demand that the source sees: a link turns it into credit, so at most so
 * many chunks of the stream are on their way or waiting here.
 *
 * <p>Immutable; safe for any thread.
 */
public final class DecodeStage {
  /** Finds the codec of a chunk. */
  @FunctionalInterface
  public interface CodecLookup {
    /**
     * The codec that decodes chunks of this number and format version.
     *
     * @throws io.tributary.error.TributaryException {@code UNKNOWN_CODEC} if there is none
     */
    TensorCodec find(int number, int version);
  }

  /** Takes the values of a chunk. */
  @FunctionalInterface
  public interface ValueSink {
    /**
     * Takes elements {@code first} to {@code first + count - 1} of a tensor. The array is reused
     * after this call; values lie at its beginning.
     */
    void accept(int tensor, long first, float[] values, int count);
  }

  private final CodecLookup codecs;
  private final Scheduler worker;
  private final int lookAhead;

  /**
   * A stage.
   *
   * @param codecs finds the codec of a chunk
   * @param worker where decoding and the sink run; each subscription takes one of its workers
   * @param lookAhead the chunks asked for in advance, at least 1; 4 keep a link busy, since demand
   *     is renewed in threes
   */
  public DecodeStage(CodecLookup codecs, Scheduler worker, int lookAhead) {
    this.codecs = codecs;
    this.worker = worker;
    this.lookAhead = lookAhead;
  }

  /**
   * Decodes all chunks in order. Completes when the sink has had the last; fails with {@code
   * UNKNOWN_CODEC}, {@code CORRUPT_PAYLOAD}, the sink's exception or the source's failure. The
   * source is cancelled when this stage fails or is cancelled.
   */
  public Mono<Void> decode(Flux<EncodedChunk> chunks, ValueSink sink) {
    return Flux.defer(
            () -> {
              Scratch scratch = new Scratch();
              return chunks
                  .publishOn(worker, lookAhead)
                  .<Void>handle(
                      (chunk, out) -> {
                        try {
                          decode(chunk, sink, scratch);
                        } catch (RuntimeException e) {
                          out.error(e);
                        } finally {
                          chunk.release();
                        }
                      });
            })
        // Chunks that wait between source and worker when the stage fails or is cancelled.
        .doOnDiscard(EncodedChunk.class, EncodedChunk::release)
        .then();
  }

  private void decode(EncodedChunk chunk, ValueSink sink, Scratch scratch) {
    TensorCodec codec = codecs.find(chunk.codec(), chunk.codecVersion());
    ByteBuf payload = chunk.payload();
    int length = payload.readableBytes();
    byte[] bytes = scratch.bytes(length);
    payload.getBytes(payload.readerIndex(), bytes, 0, length);
    float[] values = scratch.values(chunk.count());
    codec.decode(bytes, 0, length, chunk.count(), values, 0);
    sink.accept(chunk.tensor(), chunk.first(), values, chunk.count());
  }
}
