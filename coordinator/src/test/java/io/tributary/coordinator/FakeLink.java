package io.tributary.coordinator;

import io.tributary.error.ErrorCode;
import io.tributary.link.EncodedChunk;
import io.tributary.link.FarPeer;
import io.tributary.link.Hello;
import io.tributary.link.Link;
import io.tributary.link.LinkCounters;
import io.tributary.link.StreamHeader;
import io.tributary.run.JoinReply;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A link that only notes what is asked of it; its peer takes every stream, or none. */
final class FakeLink implements Link {
  /** A stream that was sent. */
  record Sent(StreamHeader header, int chunks) {}

  final List<MessageKind> messages = new ArrayList<>();
  final List<Sent> streams = new ArrayList<>();
  private final Hello hello;
  private @Nullable JoinReply reply;
  @Nullable ErrorCode failedWith;
  String failure = "";
  boolean closed;
  boolean takesStreams = true;

  FakeLink(String name) {
    hello = new Hello(name, new UUID(1, 2), 1, 4, TestContributions.CODECS.readable());
  }

  FakeLink(Hello hello) {
    this.hello = hello;
  }

  @Override
  public Hello peer() {
    return hello;
  }

  @Override
  public Mono<Void> send(
      StreamHeader header,
      boolean repeated,
      Function<Integer, Publisher<EncodedChunk>> chunksFrom) {
    return Mono.defer(
        () -> {
          if (!takesStreams) {
            return Mono.never();
          }
          int chunks = 0;
          for (EncodedChunk chunk : Flux.from(chunksFrom.apply(0)).toIterable()) {
            chunk.release();
            chunks++;
          }
          streams.add(new Sent(header, chunks));
          return Mono.empty();
        });
  }

  @Override
  public Mono<Void> sendTo(
      FarPeer to, StreamHeader header, Supplier<Publisher<EncodedChunk>> chunks) {
    throw new UnsupportedOperationException("nobody here sends to other agents");
  }

  @Override
  public void message(int kind, byte[] body) {
    MessageKind known = MessageKind.fromWire(kind).orElseThrow();
    messages.add(known);
    if (known == MessageKind.WELCOME) {
      reply = RunDocuments.fromBytes(body, JoinReply.class);
    }
  }

  /** The answer to JOIN. */
  JoinReply reply() {
    return java.util.Objects.requireNonNull(reply, "no WELCOME");
  }

  boolean dismissed() {
    return messages.contains(MessageKind.FAREWELL);
  }

  @Override
  public Mono<Duration> ping() {
    return Mono.just(Duration.ZERO);
  }

  @Override
  public LinkCounters counters() {
    return new LinkCounters(1, 0, 0, 0, 0, 0, 0, 1);
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public void fail(ErrorCode code, String text) {
    failedWith = code;
    failure = text;
  }

  @Override
  public Mono<Void> onClose() {
    return Mono.empty();
  }
}
