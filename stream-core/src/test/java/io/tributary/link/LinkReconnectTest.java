package io.tributary.link;

import static io.tributary.link.LoopbackPair.PATIENCE;
import static io.tributary.link.LoopbackPair.checkAndRelease;
import static io.tributary.link.LoopbackPair.chunk;
import static io.tributary.link.LoopbackPair.header;
import static io.tributary.link.RecordingHandler.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.netty.LeakCheckingAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Connections break; streams go on where they were. */
class LinkReconnectTest {
  private static final int CHUNKS = 10;
  private static final int LENGTH = 100_000;

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private final RecordingHandler atServer = new RecordingHandler();
  private final RecordingHandler atClient = new RecordingHandler();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void aStreamIsResumedWithoutSendingAgainWhatIsDurable() throws InterruptedException {
    LinkServer server = bind(0);
    connect(server.address().getPort());
    Link first = take(atClient.connected);
    AtomicInteger made = new AtomicInteger();

    var broken = first.send(header(StreamKind.CONTRIBUTION, CHUNKS), false, made(made)).toFuture();
    AtomicInteger received = new AtomicInteger();
    InboundStream before = take(atServer.streams);
    CompletableFuture<Throwable> lost = new CompletableFuture<>();
    before
        .chunks()
        .limitRate(1)
        .take(CHUNKS)
        .doOnNext(chunk -> checkAndRelease(chunk, received.getAndIncrement(), LENGTH))
        .doOnNext(
            chunk -> {
              if (received.get() == 4) {
                takeQuietly(atServer).close();
              }
            })
        .subscribe(chunk -> {}, lost::complete);
    assertThat(lost.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join())
        .matches(e -> Errors.codeOf(e) == ErrorCode.CONNECTION_LOST);
    assertThat(broken)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .havingCause()
        .matches(Errors::isRetryable);

    Link second = take(atClient.connected);
    made.set(0);
    var sent = second.send(header(StreamKind.CONTRIBUTION, CHUNKS), true, made(made)).toFuture();
    InboundStream again = take(atServer.streams);
    assertThat(again.repeated()).isTrue();
    assertThat(again.header()).isEqualTo(before.header());
    again.resumeAt(4);
    again
        .chunks()
        .doOnNext(chunk -> checkAndRelease(chunk, received.getAndIncrement(), LENGTH))
        .blockLast(PATIENCE);
    again.acknowledge();
    assertThat(sent).succeedsWithin(PATIENCE);
    assertThat(received).hasValue(CHUNKS);
    assertThat(made).as("chunks that were encoded again").hasValue(CHUNKS - 4);
    // Six chunks in seven frames each, and a few small frames.
    assertThat(second.counters().bytesWritten())
        .isBetween(6L * LENGTH, 6L * (LENGTH + 7 * 48) + 200);
  }

  @Test
  void aClientWaitsForItsServerAndFindsItAgain() throws InterruptedException {
    LinkServer server = bind(0);
    int port = server.address().getPort();
    connect(port);
    take(atClient.connected);
    for (int i = 0; i < 3; i++) {
      server.close();
      take(atClient.disconnected);
      server = bind(port);
      assertThat(take(atClient.connected).peer().name()).isEqualTo("server");
    }
    assertThat(atClient.refused).isEmpty();
  }

  @Test
  void twoClientsOfOneNameAreTwoLinks() throws InterruptedException {
    LinkServer server = bind(0);
    connect(server.address().getPort());
    connect(server.address().getPort());
    Link one = take(atServer.connected);
    Link other = take(atServer.connected);
    assertThat(one).isNotSameAs(other);
    assertThat(one.peer().name()).isEqualTo(other.peer().name());
  }

  private LinkServer bind(int port) {
    LinkServer server =
        LinkServer.bind("127.0.0.1", port, TestOptions.of("server", allocator), atServer);
    open.add(server);
    return server;
  }

  private void connect(int port) {
    open.add(LinkClient.connect("127.0.0.1", port, TestOptions.of("client", allocator), atClient));
  }

  private static Link takeQuietly(RecordingHandler handler) {
    try {
      return take(handler.connected);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Function<Integer, Publisher<EncodedChunk>> made(AtomicInteger counter) {
    return from ->
        Flux.range(from, CHUNKS - from)
            .map(
                i -> {
                  counter.incrementAndGet();
                  return chunk(allocator, i, LENGTH);
                });
  }
}
