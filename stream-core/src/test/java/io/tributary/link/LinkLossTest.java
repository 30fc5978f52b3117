package io.tributary.link;

import static io.tributary.link.LoopbackPair.PATIENCE;
import static io.tributary.link.LoopbackPair.chunks;
import static io.tributary.link.LoopbackPair.eventually;
import static io.tributary.link.LoopbackPair.header;
import static io.tributary.link.LoopbackPair.send;
import static io.tributary.link.RecordingHandler.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.ErrorFrameFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.OpenFrameFlyweight;
import io.tributary.frame.PingFrameFlyweight;
import io.tributary.frame.RandomFrames;
import io.tributary.netty.LeakCheckingAllocator;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Peers that vanish, at the worst moments. */
class LinkLossTest {
  /** For tests in which somebody is given up; all others must not depend on this machine's pace. */
  private static final Duration SHORT = Duration.ofMillis(100);

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private final RecordingHandler handler = new RecordingHandler();
  private LinkServer server;

  @BeforeEach
  void bind() {
    bind(Duration.ofSeconds(5));
  }

  private void bind(Duration interval) {
    LinkTimes times =
        new LinkTimes(interval, PATIENCE, Duration.ofMillis(20), Duration.ofMillis(200));
    server =
        LinkServer.bind(
            "127.0.0.1", 0, TestOptions.with("server", allocator, 0, 8).withTimes(times), handler);
  }

  private void bindImpatient() {
    server.close();
    bind(SHORT);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private RawPeer greet() throws Exception {
    return greet(RawPeer.connect(server.address()));
  }

  private RawPeer greet(RawPeer peer) throws Exception {
    peer.write(new RandomFrames(allocator, new Random(1), 1).hello().setIntLE(32, 1000));
    peer.readUntil(FrameType.HELLO);
    return peer;
  }

  @Test
  void aPeerThatVanishesInTheMiddleOfAChunkLeavesNothingBehind() throws Exception {
    RawPeer peer = greet();
    take(handler.connected);
    peer.write(OpenFrameFlyweight.encode(allocator, false, 1, 1, 64, 0, 0, 0, 5, 0));
    InboundStream stream = take(handler.streams);
    // Two whole chunks that nobody takes, and half of a third.
    for (int chunk = 0; chunk < 3; chunk++) {
      ByteBuf encoded = allocator.buffer(10_000).writeZero(10_000);
      int length = chunk < 2 ? 10_000 : 5_000;
      peer.write(
          DataFrameFlyweight.encodeHeader(allocator, 1, chunk, 1, 1, 0, 0, 1, encoded, 0, length));
      peer.write(encoded.slice(0, length).retain());
      encoded.release();
    }
    peer.write(PingFrameFlyweight.encodePing(allocator, 5));
    peer.readUntil(FrameType.PONG);
    CompletableFuture<Throwable> failed = new CompletableFuture<>();
    stream
        .chunks()
        .publishOn(Schedulers.parallel(), 1)
        .doOnDiscard(EncodedChunk.class, EncodedChunk::release)
        .subscribe(EncodedChunk::release, failed::complete);
    peer.reset();
    assertThat(failed)
        .succeedsWithin(PATIENCE)
        .matches(e -> Errors.codeOf(e) == ErrorCode.CONNECTION_LOST);
    assertThat(Errors.codeOf(take(handler.disconnected))).isEqualTo(ErrorCode.CONNECTION_LOST);
    stream.acknowledge();
    stream.reject(ErrorCode.INTERNAL, "too late");
  }

  @Test
  void sendsToAPeerThatVanishesFailAndMayBeRepeated() throws Exception {
    RawPeer peer = greet();
    Link link = take(handler.connected);
    var sent = send(link, header(StreamKind.SNAPSHOT, 200), chunks(allocator, 200, 1 << 20));
    var ping = link.ping().toFuture();
    peer.readUntil(FrameType.DATA);
    peer.reset();
    assertThat(sent)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .havingCause()
        .matches(e -> Errors.codeOf(e) == ErrorCode.CONNECTION_LOST && Errors.isRetryable(e));
    assertThat(ping).failsWithin(PATIENCE);
  }

  @Test
  void aPeerThatStopsReadingHoldsNoMoreThanTheBoundAndIsGivenUp() throws Exception {
    bindImpatient();
    RawPeer peer = greet();
    Link link = take(handler.connected);
    // The peer gave credit for a thousand chunks and then reads nothing.
    var sent = send(link, header(StreamKind.SNAPSHOT, 200), chunks(allocator, 200, 1 << 20));
    assertThat(Errors.codeOf(take(handler.disconnected))).isEqualTo(ErrorCode.PEER_SILENT);
    assertThat(sent)
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .havingCause()
        .matches(e -> Errors.codeOf(e) == ErrorCode.CONNECTION_LOST && Errors.isRetryable(e));
    // Two chunks ready, one being written; what the kernel holds is not of this process.
    assertThat(allocator.peakBytes()).isLessThan(5L << 20);
    peer.close();
  }

  @Test
  void aPeerThatIsAskedAndAnswersIsKept() throws Exception {
    server.close();
    bind(Duration.ofSeconds(1));
    try (RawPeer peer = greet()) {
      take(handler.connected);
      for (int i = 0; i < 5; i++) {
        ByteBuf ping = peer.readUntil(FrameType.PING);
        peer.write(PingFrameFlyweight.encodePong(allocator, PingFrameFlyweight.nonce(ping)));
      }
      assertThat(handler.disconnected).isEmpty();
    }
  }

  @Test
  void aPeerThatIsAskedAndSaysNothingIsGivenUp() throws Exception {
    bindImpatient();
    try (RawPeer peer = greet()) {
      take(handler.connected);
      Throwable cause = take(handler.disconnected);
      assertThat(Errors.codeOf(cause)).isEqualTo(ErrorCode.PEER_SILENT);
      assertThat(cause)
          .hasMessageMatching(
              ".*fuzz.* has said nothing for .* s; allowed: 0\\.4 s, the first guess");
      peer.readUntil(FrameType.PING);
      peer.readUntil(FrameType.ERROR);
    }
  }

  @Test
  void aHandlerThatThrowsEndsItsLinkAndNoOther() throws Exception {
    try (LinkServer careless =
            LinkServer.bind(
                "127.0.0.1", 0, TestOptions.of("careless", allocator), new CarelessHandler());
        LinkClient client =
            LinkClient.connect(
                "127.0.0.1",
                careless.address().getPort(),
                TestOptions.of("client", allocator),
                handler);
        RawPeer other = greet()) {
      assertThat(client).isNotNull();
      Link link = take(handler.connected);
      if (link.peer().name().equals("fuzz")) {
        link = take(handler.connected);
      }
      link.message(1, new byte[10]);
      assertThat(Errors.codeOf(take(handler.disconnected))).isEqualTo(ErrorCode.INTERNAL);
      other.write(PingFrameFlyweight.encodePing(allocator, 1));
      other.readUntil(FrameType.PONG);
    }
  }

  private static final class CarelessHandler implements LinkHandler {
    @Override
    public void connected(Link link) {}

    @Override
    public void message(Link link, int kind, byte[] body) {
      throw new IllegalStateException("careless");
    }

    @Override
    public void stream(Link link, InboundStream stream) {}

    @Override
    public void disconnected(Link link, Throwable cause) {
      throw new IllegalStateException("careless to the end");
    }
  }

  @Test
  void closingTheServerEndsEveryLinkAndEveryStream() throws Exception {
    RecordingHandler atClient = new RecordingHandler();
    try (LinkClient client =
        LinkClient.connect(
            "127.0.0.1",
            server.address().getPort(),
            TestOptions.of("client", allocator),
            atClient)) {
      assertThat(client).isNotNull();
      Link link = take(atClient.connected);
      var sent =
          send(
              link,
              header(StreamKind.SNAPSHOT, 1000),
              from ->
                  Flux.range(0, 1000)
                      .publishOn(Schedulers.parallel())
                      .map(i -> LoopbackPair.chunk(allocator, i, 50_000)));
      take(handler.streams).chunks().subscribe(EncodedChunk::release, failure -> {});
      eventually(() -> link.counters().bytesWritten() > 200_000);
      server.close();
      assertThat(sent).failsWithin(PATIENCE);
      take(atClient.disconnected);
    }
  }

  @Test
  void closingTheServerWaitsUntilItsLinksUseNothingAnyMore() throws Exception {
    // It reads nothing and never closes.
    try (RawPeer peer = greet()) {
      assertThat(peer).isNotNull();
      Link link = take(handler.connected);
      var sent = send(link, header(StreamKind.SNAPSHOT, 200), chunks(allocator, 200, 1 << 20));
      eventually(() -> link.counters().bytesWritten() > 20_000);
      server.close();
      assertThat(sent).isCompletedExceptionally();
      assertThat(handler.disconnected).hasSize(1);
      assertThat(link.onClose().toFuture()).isDone();
    }
  }

  @Test
  void whoReadsOverAThinLinkLearnsWhyItEnds() throws Exception {
    try (RawPeer peer = greet(RawPeer.connectThin(server.address()))) {
      Link link = take(handler.connected);
      var sent = send(link, header(StreamKind.SNAPSHOT, 200), chunks(allocator, 200, 1 << 20));
      eventually(() -> link.counters().bytesWritten() > 20_000);
      link.fail(ErrorCode.NOT_TRUSTED, "revoked");
      // It still says something, which a socket that was closed too soon would answer by RST.
      peer.readUntil(FrameType.DATA);
      peer.write(PingFrameFlyweight.encodePing(allocator, 1));
      ByteBuf error = peer.readUntil(FrameType.ERROR);
      assertThat(ErrorFrameFlyweight.text(error)).isEqualTo("revoked");
      assertThat(sent).failsWithin(PATIENCE);
    }
  }
}
