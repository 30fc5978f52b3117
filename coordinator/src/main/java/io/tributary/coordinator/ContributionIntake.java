package io.tributary.coordinator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.coordinator.journal.Journal;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.link.InboundStream;
import io.tributary.link.StreamHeader;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;

/**
 * Takes the chunks of contributions off their streams: checks that each is the one expected and
 * decodes to finite values, and appends it to the journal as it came. Credits flow as fast as the
 * journal takes them, so memory holds a few chunks for each stream whatever the model's size.
 *
 * <p>Works on the run's thread.
 */
final class ContributionIntake {
  /** Chunks of one stream in flight between event loop and journal; the peer's credit. */
  private static final int PREFETCH = 4;

  private static final Journal.Position NOWHERE = new Journal.Position(0, 0, 0);

  private final Scheduler thread;
  private final CodecRegistry codecs;
  private final RunStore store;
  private final BiConsumer<InboundStream, Contribution> whenWhole;
  private final BiConsumer<InboundStream, Throwable> whenBroken;
  private final LongSupplier nanos;
  private final RunStage stage;
  private float[] decoded = new float[0];

  /**
   * An intake on the run's thread.
   *
   * @param whenWhole called on that thread when the last chunk of a contribution is appended
   * @param whenBroken called on that thread when a contribution can't be taken; it may still reject
   *     the stream
   * @param nanos the time
   * @param stage is told what that thread does
   */
  ContributionIntake(
      Scheduler thread,
      CodecRegistry codecs,
      RunStore store,
      BiConsumer<InboundStream, Contribution> whenWhole,
      BiConsumer<InboundStream, Throwable> whenBroken,
      LongSupplier nanos,
      RunStage stage) {
    this.thread = thread;
    this.codecs = codecs;
    this.store = store;
    this.whenWhole = whenWhole;
    this.whenBroken = whenBroken;
    this.nanos = nanos;
    this.stage = stage;
  }

  /** Receives the rest of a contribution; from now on no other stream adds to it. */
  void receive(InboundStream stream, Participant participant, Contribution contribution) {
    contribution.takeFrom(stream, nanos.getAsLong());
    stream
        .chunks()
        .publishOn(thread, PREFETCH)
        .doOnDiscard(EncodedChunk.class, EncodedChunk::release)
        .subscribe(new Receiver(stream, participant, contribution));
  }

  /** One stream's way into its contribution. */
  private final class Receiver extends BaseSubscriber<EncodedChunk> {
    private final InboundStream stream;
    private final Participant participant;
    private final Contribution contribution;

    Receiver(InboundStream stream, Participant participant, Contribution contribution) {
      this.stream = stream;
      this.participant = participant;
      this.contribution = contribution;
    }

    @Override
    protected void hookOnNext(EncodedChunk chunk) {
      try {
        if (contribution.comesFrom(stream)) {
          checkOpen(stream.header(), contribution);
          take(stream.header(), participant, contribution, chunk);
        } else {
          cancel(); // the agent has come back and sends the rest on another connection
        }
      } catch (RuntimeException | Error e) {
        // Before the cancellation: the first end of a stream is the one that the peer hears of.
        whenBroken.accept(stream, e);
        cancel();
      } finally {
        chunk.release();
      }
    }

    @Override
    protected void hookOnComplete() {
      if (!contribution.comesFrom(stream)) {
        return;
      }
      try {
        checkOpen(stream.header(), contribution);
        if (!contribution.covered()) {
          throw new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION,
              "contribution of "
                  + participant.name()
                  + " to fragment "
                  + stream.header().fragment()
                  + ": expected chunks until it covers the fragment, found its end");
        }
      } catch (TributaryException e) {
        whenBroken.accept(stream, e);
        return;
      }
      whenWhole.accept(stream, contribution);
    }

    @Override
    protected void hookOnError(Throwable failure) {
      whenBroken.accept(stream, ofPeer(failure));
    }

    /** What a peer calls its own storage or defect must not be taken for this process's. */
    private Throwable ofPeer(Throwable failure) {
      ErrorCode code = Errors.codeOf(failure);
      return code == ErrorCode.STORAGE || code == ErrorCode.INTERNAL
          ? new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION,
              "contribution of "
                  + participant.name()
                  + ": its agent failed: "
                  + failure.getMessage(),
              failure)
          : failure;
    }
  }

  private void checkOpen(StreamHeader header, Contribution contribution) {
    if (contribution.isClosed()) {
      int current = store.committed(header.fragment());
      throw new TributaryException(
          ErrorCode.WRONG_VERSION,
          "fragment "
              + header.fragment()
              + ": version "
              + header.version()
              + " was made before this contribution was whole; the current one is "
              + current);
    }
  }

  private void take(
      StreamHeader header, Participant participant, Contribution contribution, EncodedChunk chunk) {
    participant.received(nanos.getAsLong());
    contribution.expect(chunk.tensor(), chunk.first(), chunk.count());
    var record =
        new RunRecord.Chunk(
            participant.index(),
            header.fragment(),
            header.version(),
            contribution.chunks().size(),
            chunk.tensor(),
            (int) chunk.first(),
            chunk.count(),
            chunk.codec(),
            chunk.codecVersion(),
            NOWHERE);
    ByteBuf encoded = onHeap(chunk.payload());
    try {
      checkFinite(participant, chunk, encoded);
      stage.run(
          RunStage.JOURNALLING, () -> store.append(contribution, record, chunk.payload(), encoded));
    } finally {
      encoded.release();
    }
  }

  /** Codecs read arrays. Pooled: garbage of this size keeps the collector busy. */
  private static ByteBuf onHeap(ByteBuf payload) {
    int length = payload.readableBytes();
    return PooledByteBufAllocator.DEFAULT
        .heapBuffer(length, length)
        .writeBytes(payload, payload.readerIndex(), length);
  }

  private void checkFinite(Participant participant, EncodedChunk chunk, ByteBuf encoded) {
    TensorCodec codec = codecs.forDecoding(chunk.codec(), chunk.codecVersion());
    int at = encoded.arrayOffset();
    int length = encoded.readableBytes();
    if (codec.provesFinite(encoded.array(), at, length, chunk.count())) {
      return;
    }
    if (decoded.length < chunk.count()) {
      decoded = new float[chunk.count()];
    }
    codec.decode(encoded.array(), at, length, chunk.count(), decoded, 0);
    if (allFinite(decoded, chunk.count())) {
      return;
    }
    for (int i = 0; i < chunk.count(); i++) {
      if (!Float.isFinite(decoded[i])) {
        throw new TributaryException(
            ErrorCode.NON_FINITE,
            "contribution of "
                + participant.name()
                + ", tensor "
                + chunk.tensor()
                + ", element "
                + (chunk.first() + i)
                + ": expected a finite value, found "
                + decoded[i]);
      }
    }
  }

  /**
   * Whether all values are finite: times 0 they are 0 then, and otherwise NaN. Without a way out of
   * the loop, and in four sums that don't wait for each other.
   */
  private static boolean allFinite(float[] values, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      a += 0 * values[i];
      b += 0 * values[i + 1];
      c += 0 * values[i + 2];
      d += 0 * values[i + 3];
    }
    for (; i < count; i++) {
      a += 0 * values[i];
    }
    return a + b + c + d == 0;
  }
}
