package io.tributary.agent;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.link.FarPeer;
import io.tributary.link.Hello;
import io.tributary.link.Link;
import io.tributary.link.LinkCounters;
import io.tributary.link.StreamHeader;
import io.tributary.run.MessageKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A link to a coordinator that only notes what is asked of it; the test answers. */
final class NotingLink implements Link {
  /** A contribution under way. */
  record Sent(StreamHeader header, boolean repeated, MonoSink<Void> result) {}

  final List<MessageKind> messages = new ArrayList<>();
  final List<byte[]> bodies = new ArrayList<>();
  final List<Sent> sent = new ArrayList<>();
  boolean closed;
  boolean full;

  @Override
  public Hello peer() {
    return new Hello("coordinator", new UUID(1, 2), 1, 4, List.of());
  }

  @Override
  public Mono<Void> send(
      StreamHeader header,
      boolean repeated,
      Function<Integer, Publisher<EncodedChunk>> chunksFrom) {
    return Mono.create(sink -> sent.add(new Sent(header, repeated, sink)));
  }

  @Override
  public Mono<Void> sendTo(
      FarPeer to, StreamHeader header, Supplier<Publisher<EncodedChunk>> chunks) {
    throw new UnsupportedOperationException("nobody here sends to other agents");
  }

  @Override
  public void message(int kind, byte[] body) {
    if (full) {
      throw new TributaryException(ErrorCode.LIMIT_EXCEEDED, "too much waits");
    }
    messages.add(MessageKind.fromWire(kind).orElseThrow());
    bodies.add(body);
  }

  @Override
  public Mono<Duration> ping() {
    return Mono.just(Duration.ZERO);
  }

  @Override
  public LinkCounters counters() {
    return new LinkCounters(1_000_000_000, 500, 70, 0, 0, 0, 1000, 1);
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public void fail(ErrorCode code, String text) {
    closed = true;
  }

  @Override
  public Mono<Void> onClose() {
    return Mono.empty();
  }
}
