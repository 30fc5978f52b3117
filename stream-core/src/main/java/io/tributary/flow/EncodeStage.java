package io.tributary.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tributary.codec.CodecSession;
import io.tributary.codec.TensorCodec;
import io.tributary.link.EncodedChunk;
import io.tributary.tensor.TensorChunk;
import java.util.function.IntFunction;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Turns tensor chunks into encoded chunks on a worker thread.
 *
 * <p>A chunk is encoded when the subscriber asks for it, not before; one chunk's view waits between
 * source and worker. The codec writes to an array that is reused, and the bytes are copied once, to
 * a buffer of exactly their length, which is the subscriber's to release. A subscriber that queues
 * chunks releases them when it gives up.
 *
 * <p>Immutable; safe for any thread. Sessions are used by one thread at a time as long as only one
 * subscription uses them.
 */
public final class EncodeStage {
  private final IntFunction<CodecSession> sessions;
  private final ByteBufAllocator allocator;
  private final Scheduler worker;

  /**
   * A stage.
   *
   * @param sessions the session of a tensor, by the tensor's index
   * @param allocator where payloads come from
   * @param worker where encoding runs; each subscription takes one of its workers
   */
  public EncodeStage(
      IntFunction<CodecSession> sessions, ByteBufAllocator allocator, Scheduler worker) {
    this.sessions = sessions;
    this.allocator = allocator;
    this.worker = worker;
  }

  /**
   * The encoded chunks, one for each chunk, in order. Fails with the codec's {@code NON_FINITE} or
   * with the source's failure.
   */
  public Flux<EncodedChunk> encode(Flux<TensorChunk> chunks) {
    return Flux.defer(
        () -> {
          Scratch scratch = new Scratch();
          return chunks.publishOn(worker, 1).map(chunk -> encode(chunk, scratch));
        });
  }

  private EncodedChunk encode(TensorChunk chunk, Scratch scratch) {
    CodecSession session = sessions.apply(chunk.tensor());
    TensorCodec codec = session.codec();
    byte[] bytes = scratch.bytes(codec.maxEncodedLength(chunk.count()));
    int length =
        session.encode(
            Math.toIntExact(chunk.first()), chunk.values(), chunk.from(), chunk.count(), bytes, 0);
    ByteBuf payload = allocator.buffer(length, length);
    payload.writeBytes(bytes, 0, length);
    return new EncodedChunk(
        chunk.tensor(),
        chunk.first(),
        chunk.count(),
        codec.id().number(),
        codec.id().version(),
        payload);
  }
}
