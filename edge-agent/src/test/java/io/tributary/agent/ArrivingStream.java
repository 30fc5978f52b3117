package io.tributary.agent;

import io.tributary.error.ErrorCode;
import io.tributary.link.EncodedChunk;
import io.tributary.link.InboundStream;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.EncodedPart;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** A version that comes whole. */
final class ArrivingStream implements InboundStream {
  private final StreamHeader header;
  private final List<EncodedPart> parts;
  boolean acknowledged;
  @Nullable ErrorCode rejectedWith;

  ArrivingStream(StreamKind kind, int fragment, int version) {
    this(kind, fragment, version, List.of(new EncodedPart(0, 0, 1, 1, 1, new byte[] {1, 2, 3, 4})));
  }

  ArrivingStream(StreamKind kind, int fragment, int version, List<EncodedPart> parts) {
    header = new StreamHeader(kind, fragment, version, 0, parts.size(), 0);
    this.parts = parts;
  }

  @Override
  public StreamHeader header() {
    return header;
  }

  @Override
  public long arrived() {
    return 0;
  }

  @Override
  public boolean repeated() {
    return false;
  }

  @Override
  public Flux<EncodedChunk> chunks() {
    return Flux.fromIterable(parts).map(EncodedPart::toChunk);
  }

  @Override
  public void resumeAt(int chunk) {
    throw new IllegalStateException("not repeated");
  }

  @Override
  public void acknowledge(int chunks) {}

  @Override
  public void acknowledge() {
    acknowledged = true;
  }

  @Override
  public void reject(ErrorCode code, String text) {
    rejectedWith = code;
  }
}
