package io.tributary.link;

import static io.tributary.link.LoopbackPair.PATIENCE;
import static io.tributary.link.LoopbackPair.checkAndRelease;
import static io.tributary.link.LoopbackPair.chunk;
import static io.tributary.link.LoopbackPair.chunks;
import static io.tributary.link.LoopbackPair.header;
import static io.tributary.link.LoopbackPair.send;
import static io.tributary.link.RecordingHandler.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.frame.FrameFormat;
import io.tributary.netty.LeakCheckingAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What two sides of a link do for each other over a real socket. */
class LinkLoopbackTest {
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private LoopbackPair pair;

  @BeforeEach
  void connect() throws InterruptedException {
    pair =
        new LoopbackPair(TestOptions.of("server", allocator), TestOptions.of("client", allocator));
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void bothSidesKnowEachOther() {
    Hello server = pair.toServer.peer();
    assertThat(server)
        .isEqualTo(
            new Hello(
                "server",
                new UUID(1, "server".hashCode()),
                FrameFormat.NEWEST_PROTOCOL,
                2,
                List.of(new CodecRange(1, 1, 1))));
    assertThat(pair.toClient.peer().name()).isEqualTo("client");
  }

  @Test
  void messagesArriveWholeAndInOrder() throws InterruptedException {
    byte[] large = LoopbackPair.pattern(1, 1_000_000);
    pair.toServer.message(7, new byte[0]);
    pair.toServer.message(8, large.clone());
    pair.toServer.message(9, new byte[] {1, 2, 3});
    pair.toClient.message(0xFFFF, new byte[] {4});
    assertMessage(take(pair.atServer.messages), 7, new byte[0]);
    assertMessage(take(pair.atServer.messages), 8, large);
    assertMessage(take(pair.atServer.messages), 9, new byte[] {1, 2, 3});
    assertMessage(take(pair.atClient.messages), 0xFFFF, new byte[] {4});
  }

  @Test
  void aMessageThatIsTooLongIsRefusedHere() {
    assertThatThrownBy(() -> pair.toServer.message(1, new byte[(4 << 20) + 1]))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED));
  }

  @Test
  void aMessageArrivesBeforeAStreamThatWasSentAfterIt() throws InterruptedException {
    List<String> order = new ArrayList<>();
    LinkHandler noting =
        new LinkHandler() {
          @Override
          public void connected(Link link) {}

          @Override
          public void message(Link link, int kind, byte[] body) {
            order.add("message of " + body.length);
          }

          @Override
          public void stream(Link link, InboundStream stream) {
            order.add("stream");
            stream.acknowledge();
          }
        };
    try (LinkServer other =
            LinkServer.bind("127.0.0.1", 0, TestOptions.of("other", allocator), noting);
        LinkClient client =
            LinkClient.connect(
                "127.0.0.1",
                other.address().getPort(),
                TestOptions.of("second", allocator),
                pair.atClient)) {
      assertThat(client).isNotNull();
      Link link = take(pair.atClient.connected);
      link.message(1, new byte[3_000_000]);
      var sent = send(link, header(StreamKind.CONTRIBUTION, 0), chunks(allocator, 0, 0));
      assertThat(sent).succeedsWithin(PATIENCE);
      assertThat(order).containsExactly("message of 3000000", "stream");
    }
  }

  @Test
  void pingComesBack() {
    assertThat(pair.toServer.ping().block(PATIENCE)).isPositive();
    assertThat(pair.toClient.ping().block(PATIENCE)).isPositive();
  }

  @Test
  void aStreamArrivesChunkByChunkAndIsAcknowledged() throws InterruptedException {
    StreamHeader header = new StreamHeader(StreamKind.CONTRIBUTION, 3, 17, 2, 5, 4096);
    var sent =
        send(
            pair.toServer,
            header,
            from -> Flux.range(0, 5).map(i -> chunk(allocator, i, 20_000 * i)));
    InboundStream stream = take(pair.atServer.streams);
    assertThat(stream.header()).isEqualTo(header);
    assertThat(stream.repeated()).isFalse();
    AtomicInteger next = new AtomicInteger();
    stream
        .chunks()
        .doOnNext(
            chunk -> {
              int index = next.getAndIncrement();
              checkAndRelease(chunk, index, 20_000 * index);
            })
        .blockLast(PATIENCE);
    assertThat(next).hasValue(5);
    stream.acknowledge(5);
    pair.settle();
    assertThat(sent).isNotDone();
    stream.acknowledge();
    assertThat(sent).succeedsWithin(PATIENCE);
  }

  @Test
  void manyStreamsCrossInBothDirections() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      StreamKind kind = i % 2 == 0 ? StreamKind.CONTRIBUTION : StreamKind.SNAPSHOT;
      all.add(send(pair.toServer, header(kind, 6), chunks(allocator, 6, 70_000)));
      all.add(send(pair.toClient, header(kind, 6), chunks(allocator, 6, 70_000)));
    }
    Mono<Void> atServer = consume(pair.atServer, 12);
    Mono<Void> atClient = consume(pair.atClient, 12);
    StepVerifier.create(Mono.when(atServer, atClient)).expectComplete().verify(PATIENCE);
    assertThat(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)))
        .succeedsWithin(PATIENCE);
  }

  private static Mono<Void> consume(RecordingHandler handler, int streams) {
    return Flux.range(0, streams)
        .publishOn(Schedulers.boundedElastic())
        .map(i -> takeUnchecked(handler))
        .flatMap(
            stream ->
                stream
                    .chunks()
                    .limitRate(1)
                    .index()
                    .doOnNext(c -> checkAndRelease(c.getT2(), (int) (long) c.getT1(), 70_000))
                    .then(Mono.fromRunnable(stream::acknowledge)),
            streams)
        .then();
  }

  private static InboundStream takeUnchecked(RecordingHandler handler) {
    try {
      return take(handler.streams);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theReceiverMayAcknowledgeEarly() throws InterruptedException {
    var sent = send(pair.toServer, header(StreamKind.SNAPSHOT, 50), chunks(allocator, 50, 9_000));
    take(pair.atServer.streams).acknowledge();
    assertThat(sent).succeedsWithin(PATIENCE);
  }

  @Test
  void theReceiversRefusalReachesTheSender() throws InterruptedException {
    var sent = send(pair.toServer, header(StreamKind.SNAPSHOT, 50), chunks(allocator, 50, 9_000));
    InboundStream stream = take(pair.atServer.streams);
    stream.reject(ErrorCode.WRONG_VERSION, "version 1 is closed, expected 2");
    assertFails(sent, ErrorCode.WRONG_VERSION, "version 1 is closed");
    StepVerifier.create(stream.chunks())
        .verifyErrorMatches(e -> Errors.codeOf(e) == ErrorCode.WRONG_VERSION);
    assertLinkLives();
  }

  @Test
  void theSendersCancellationReachesTheReceiver() throws InterruptedException {
    var sending =
        pair.toServer
            .send(header(StreamKind.SNAPSHOT, 50), false, chunks(allocator, 50, 9_000))
            .subscribe();
    InboundStream stream = take(pair.atServer.streams);
    CompletableFuture<Object> received = new CompletableFuture<>();
    stream
        .chunks()
        .limitRate(1)
        .doOnNext(EncodedChunk::release)
        .doOnNext(chunk -> sending.dispose())
        .subscribe(chunk -> {}, received::completeExceptionally);
    assertFails(received, ErrorCode.CANCELLED, "client");
    assertLinkLives();
  }

  @Test
  void theReceiversCancellationReachesTheSenderAndItsPublisher() throws InterruptedException {
    CompletableFuture<String> publisher = new CompletableFuture<>();
    var sent =
        send(
            pair.toServer,
            header(StreamKind.SNAPSHOT, 50),
            from ->
                Flux.range(0, 50)
                    .map(i -> chunk(allocator, i, 9_000))
                    .doOnCancel(() -> publisher.complete("cancelled")));
    take(pair.atServer.streams).chunks().take(3).doOnNext(EncodedChunk::release).blockLast();
    assertFails(sent, ErrorCode.CANCELLED, "server");
    assertThat(publisher).succeedsWithin(PATIENCE);
    assertLinkLives();
  }

  @Test
  void aPublisherThatFailsEndsItsStreamOnBothSides() throws InterruptedException {
    var sent =
        send(
            pair.toServer,
            header(StreamKind.SNAPSHOT, 5),
            from ->
                chunks(allocator, 1, 10)
                    .andThen(Flux::from)
                    .apply(0)
                    .concatWith(
                        Mono.error(new TributaryException(ErrorCode.NON_FINITE, "element 3"))));
    InboundStream stream = take(pair.atServer.streams);
    assertFails(sent, ErrorCode.NON_FINITE, "element 3");
    StepVerifier.create(stream.chunks().doOnNext(EncodedChunk::release).then())
        .expectErrorMatches(e -> Errors.codeOf(e) == ErrorCode.NON_FINITE)
        .verify(PATIENCE);
    assertLinkLives();
  }

  @Test
  void aPublisherThatGivesTooFewOrTooManyFailsItsStream() throws InterruptedException {
    var few = send(pair.toServer, header(StreamKind.SNAPSHOT, 3), chunks(allocator, 2, 10));
    assertFails(few, ErrorCode.INTERNAL, "expected 3 chunks, found its end after 2");
    var many = send(pair.toServer, header(StreamKind.SNAPSHOT, 1), chunks(allocator, 2, 10));
    take(pair.atServer.streams);
    drain(take(pair.atServer.streams));
    assertFails(many, ErrorCode.INTERNAL, "expected 1 chunks");
    assertLinkLives();
  }

  private static void drain(InboundStream stream) {
    stream.chunks().subscribe(EncodedChunk::release, failure -> {});
  }

  @Test
  void aFunctionThatThrowsFailsItsStream() {
    var sent =
        send(
            pair.toServer,
            header(StreamKind.SNAPSHOT, 1),
            from -> {
              throw new IllegalStateException("no such fragment");
            });
    assertThat(sent)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .havingRootCause()
        .withMessage("no such fragment");
    assertLinkLives();
  }

  @Test
  void aCodecThatThePeerDoesNotListIsNeverSent() {
    var sent =
        send(
            pair.toServer,
            header(StreamKind.SNAPSHOT, 1),
            from ->
                Mono.fromSupplier(
                    () -> new EncodedChunk(0, 0, 1, 1, 2, allocator.buffer(4).writeInt(1))));
    assertFails(sent, ErrorCode.UNKNOWN_CODEC, "codec 0x0001 version 2 is not among those that");
    assertLinkLives();
  }

  @Test
  void twoSubscribersOfOneStreamAreRefused() throws InterruptedException {
    var sent = send(pair.toServer, header(StreamKind.SNAPSHOT, 1), chunks(allocator, 1, 10));
    InboundStream stream = take(pair.atServer.streams);
    stream.chunks().doOnNext(EncodedChunk::release).blockLast(PATIENCE);
    StepVerifier.create(stream.chunks()).verifyError(IllegalStateException.class);
    stream.acknowledge();
    assertThat(sent).succeedsWithin(PATIENCE);
  }

  @Test
  void countersCountAtTheSocket() throws InterruptedException {
    pair.settle();
    LinkCounters writtenBefore = pair.toServer.counters();
    LinkCounters readBefore = pair.toClient.counters();
    pair.toServer.message(1, new byte[50_000]);
    take(pair.atServer.messages);
    LinkCounters written = pair.toServer.counters().since(writtenBefore);
    LinkCounters read = pair.toClient.counters().since(readBefore);
    // 50000 bytes take four frames with a header of 24 bytes each.
    assertThat(written.bytesWritten()).isEqualTo(50_000 + 4 * 24);
    assertThat(read.bytesRead()).isEqualTo(50_000 + 4 * 24);
    assertThat(written.framesWritten()).isEqualTo(4);
    assertThat(read.framesRead()).isEqualTo(4);
    assertThat(read.busyShare()).isZero();
  }

  @Test
  void closeSendsWhatWaitsAndEndsBothSides() throws InterruptedException {
    pair.toServer.message(1, new byte[1_000_000]);
    var sent = send(pair.toServer, header(StreamKind.SNAPSHOT, 1), chunks(allocator, 1, 10));
    pair.client.close();
    assertThat(take(pair.atServer.messages).body()).hasSize(1_000_000);
    assertFails(sent, ErrorCode.CONNECTION_LOST, "closed by this side");
    assertThat(Errors.codeOf(take(pair.atServer.disconnected)))
        .isEqualTo(ErrorCode.CONNECTION_LOST);
    take(pair.atClient.disconnected);
    StepVerifier.create(Mono.when(pair.toServer.onClose(), pair.toClient.onClose()))
        .expectComplete()
        .verify(PATIENCE);
    assertFails(
        send(pair.toServer, header(StreamKind.SNAPSHOT, 0), chunks(allocator, 0, 0)),
        ErrorCode.CONNECTION_LOST,
        "has ended");
    assertFails(pair.toServer.ping().toFuture(), ErrorCode.CONNECTION_LOST, "has ended");
    pair.toServer.message(1, new byte[10]);
  }

  private static void assertMessage(RecordingHandler.Message message, int kind, byte[] body) {
    assertThat(message.kind()).isEqualTo(kind);
    assertThat(message.body()).isEqualTo(body);
  }

  private void assertLinkLives() {
    pair.settle();
    assertThat(pair.atServer.disconnected).isEmpty();
    assertThat(pair.atClient.disconnected).isEmpty();
  }

  private static void assertFails(CompletableFuture<?> future, ErrorCode code, String text) {
    assertThat(future)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(TributaryException.class, e -> assertThat(e.code()).isEqualTo(code))
        .withMessageContaining(text);
  }
}
