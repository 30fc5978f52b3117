package io.tributary.coordinator;

import io.tributary.error.ErrorCode;
import io.tributary.link.EncodedChunk;
import io.tributary.link.InboundStream;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.EncodedPart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A contribution whose chunks come when the test says so. */
final class FakeStream implements InboundStream {
  private final StreamHeader header;
  private final boolean repeated;
  private final Sinks.Many<EncodedChunk> chunks = Sinks.many().unicast().onBackpressureBuffer();
  private final List<EncodedChunk> given = new ArrayList<>();
  int resumedAt = -1;
  boolean acknowledged;
  long arrived;
  @Nullable ErrorCode rejectedWith;
  String rejection = "";

  FakeStream(int participant, int fragment, int version, int count, boolean repeated) {
    header = new StreamHeader(StreamKind.CONTRIBUTION, fragment, version, participant, count, 9);
    this.repeated = repeated;
  }

  void give(EncodedPart part) {
    EncodedChunk chunk = part.toChunk();
    given.add(chunk);
    arrived += chunk.encodedLength();
    if (chunks.tryEmitNext(chunk).isFailure()) {
      chunk.release(); // as a link does with what nobody takes
    }
  }

  void end() {
    chunks.tryEmitComplete();
  }

  void lose(Throwable why) {
    chunks.tryEmitError(why);
  }

  /** Whether every chunk that was given has been released. */
  boolean allReleased() {
    return given.stream().allMatch(chunk -> chunk.payload().refCnt() == 0);
  }

  @Override
  public StreamHeader header() {
    return header;
  }

  @Override
  public long arrived() {
    return arrived;
  }

  @Override
  public boolean repeated() {
    return repeated;
  }

  @Override
  public Flux<EncodedChunk> chunks() {
    return chunks.asFlux();
  }

  @Override
  public void resumeAt(int chunk) {
    resumedAt = chunk;
  }

  @Override
  public void acknowledge(int count) {}

  @Override
  public void acknowledge() {
    acknowledged = rejectedWith == null;
  }

  @Override
  public void reject(ErrorCode code, String text) {
    if (rejectedWith == null) {
      rejectedWith = code;
      rejection = text;
    }
  }
}
