package io.tributary.link;

import static io.tributary.link.LoopbackPair.PATIENCE;
import static io.tributary.link.LoopbackPair.chunks;
import static io.tributary.link.LoopbackPair.eventually;
import static io.tributary.link.LoopbackPair.header;
import static io.tributary.link.LoopbackPair.send;
import static io.tributary.link.RecordingHandler.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.netty.LeakCheckingAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A link with a cap of 2 Mbit/s in both directions, saturated. What is asserted is order and how
 * many bytes pass meanwhile, not how long it takes on this machine.
 */
class LinkCapTest {
  private static final long CAP = 250_000;

  /** Frames carry 20 ms of the link. */
  private static final int FRAME = 5_000 + 48;

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private LoopbackPair pair;

  @BeforeEach
  void connect() throws InterruptedException {
    pair =
        new LoopbackPair(
            TestOptions.with("server", allocator, CAP, 100),
            TestOptions.with("client", allocator, CAP, 100));
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void aPingPassesWhatWaits() throws InterruptedException {
    List<CompletableFuture<Void>> bulk = saturate();
    // Counted on the event loop, at the beginning and the end of each ping: this thread may be
    // late.
    List<Long> bytesMeanwhile =
        pair.toServer
            .ping()
            .thenMany(
                Flux.range(0, 10)
                    .concatMap(
                        i ->
                            Mono.defer(
                                () -> {
                                  long before = bytesRead();
                                  return pair.toServer.ping().map(took -> bytesRead() - before);
                                })))
            .collectList()
            .block(PATIENCE);
    assertThat(bytesMeanwhile).hasSize(10);
    // In each direction the frame that is owed for, one that left with it, and timers that fire
    // late; behind the 2 MB that wait the first ping would have seen all of them.
    assertThat(Collections.max(bytesMeanwhile)).isLessThan(12L * FRAME);
    assertThat(bulk).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void anUrgentStreamPassesOneThatIsNot() throws InterruptedException {
    List<CompletableFuture<Void>> bulk = saturate();
    var urgent =
        send(pair.toServer, header(StreamKind.CONTRIBUTION, 2), chunks(allocator, 2, 30_000));
    InboundStream stream = take(pair.atServer.streams);
    stream.chunks().doOnNext(EncodedChunk::release).blockLast(PATIENCE);
    stream.acknowledge();
    assertThat(urgent).succeedsWithin(PATIENCE);
    assertThat(bulk).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void aMessagePassesStreams() throws InterruptedException {
    List<CompletableFuture<Void>> bulk = saturate();
    AtomicLong before = new AtomicLong();
    pair.toServer
        .ping()
        .doOnNext(
            answered -> {
              before.set(pair.toClient.counters().bytesRead());
              pair.toServer.message(1, new byte[20_000]);
            })
        .block(PATIENCE);
    long bytesMeanwhile = take(pair.atServer.messages).bytesReadBefore() - before.get();
    assertThat(bytesMeanwhile).isLessThan(20_000 + 8L * FRAME);
    assertThat(bulk).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void streamsOfOneKindShareTheLink() throws InterruptedException {
    int streams = 3;
    int chunks = 8;
    int length = 10_000;
    Sinks.Empty<Void> go = Sinks.empty();
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      sent.add(
          send(
              pair.toServer,
              header(StreamKind.CONTRIBUTION, chunks),
              from ->
                  Flux.from(chunks(allocator, chunks, length).apply(from))
                      .delaySubscription(go.asMono())));
    }
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < streams; i++) {
      int number = i;
      InboundStream stream = take(pair.atServer.streams);
      stream
          .chunks()
          .doOnNext(EncodedChunk::release)
          .subscribe(chunk -> order.add(number), failure -> {}, stream::acknowledge);
    }
    // On the event loop of the sender, so that all begin between two frames.
    pair.toServer.ping().doOnNext(answered -> go.tryEmitEmpty()).block(PATIENCE);
    assertThat(CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)))
        .succeedsWithin(PATIENCE);
    // Frame by frame in turn: no stream is ever two chunks ahead of another.
    int[] done = new int[streams];
    for (int number : order) {
      done[number]++;
      for (int other = 0; other < streams; other++) {
        assertThat(done[number] - done[other]).isLessThanOrEqualTo(2);
      }
    }
    assertThat(order).hasSize(streams * chunks);
  }

  @Test
  void theCapIsKeptAndUsed() throws InterruptedException {
    LinkCounters start = pair.toServer.counters();
    saturate();
    eventually(() -> pair.toServer.counters().since(start).bytesWritten() > 500_000);
    LinkCounters passed = pair.toServer.counters().since(start);
    assertThat(passed.busyShare()).isLessThanOrEqualTo(1.05);
    // A machine that is busy with other things may wake the event loop late, never early.
    assertThat(passed.busyShare()).isGreaterThan(0.1);
  }

  private long bytesRead() {
    return pair.toServer.counters().bytesRead() + pair.toClient.counters().bytesRead();
  }

  /** Two megabytes on their way in each direction. */
  private List<CompletableFuture<Void>> saturate() throws InterruptedException {
    List<CompletableFuture<Void>> bulk =
        List.of(
            send(pair.toServer, header(StreamKind.SNAPSHOT, 100), chunks(allocator, 100, 20_000)),
            send(pair.toClient, header(StreamKind.SNAPSHOT, 100), chunks(allocator, 100, 20_000)));
    consume(take(pair.atServer.streams));
    consume(take(pair.atClient.streams));
    eventually(() -> bytesRead() > 6L * FRAME);
    return bulk;
  }

  private static void consume(InboundStream stream) {
    stream.chunks().subscribe(EncodedChunk::release, failure -> {});
  }
}
