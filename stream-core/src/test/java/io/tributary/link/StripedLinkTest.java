package io.tributary.link;

import static io.tributary.link.LoopbackPair.PATIENCE;
import static io.tributary.link.LoopbackPair.checkAndRelease;
import static io.tributary.link.LoopbackPair.chunks;
import static io.tributary.link.LoopbackPair.eventually;
import static io.tributary.link.LoopbackPair.header;
import static io.tributary.link.LoopbackPair.send;
import static io.tributary.link.RecordingHandler.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.frame.ErrorFrameFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.HelloFrameFlyweight;
import io.tributary.frame.MessageFrameFlyweight;
import io.tributary.frame.PingFrameFlyweight;
import io.tributary.frame.RandomFrames;
import io.tributary.frame.StripeFrameFlyweight;
import io.tributary.frame.TurnFrameFlyweight;
import io.tributary.netty.LeakCheckingAllocator;
import io.tributary.random.SeededRandom;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.LinkSecurity;
import io.tributary.security.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;

/** Links of several connections over real sockets. */
class StripedLinkTest {
  private static final int LENGTH = 200_000;

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();
  @RegisterExtension final SeededRandom seeded = new SeededRandom();
  @TempDir Path folder;

  private final RecordingHandler atServer = new RecordingHandler();
  private final RecordingHandler atClient = new RecordingHandler();

  private LinkOptions options(String name, int stripes) {
    return TestOptions.of(name, allocator).withStripes(new StripeRange(stripes, stripes));
  }

  private LinkServer bind(int stripes) {
    return LinkServer.bind("127.0.0.1", 0, options("coordinator", stripes), atServer);
  }

  private static void awaitConnections(LoopbackPair pair, int count) throws InterruptedException {
    eventually(
        () ->
            pair.toServer.counters().connections() == count
                && pair.toClient.counters().connections() == count);
  }

  private CompletableFuture<Void> receive(InboundStream stream) {
    var done = new CompletableFuture<Void>();
    var received = new AtomicInteger();
    stream
        .chunks()
        .limitRate(2)
        .subscribe(
            chunk -> checkAndRelease(chunk, received.getAndIncrement(), LENGTH),
            done::completeExceptionally,
            () -> {
              stream.acknowledge();
              done.complete(null);
            });
    return done;
  }

  private void bothWays(LoopbackPair pair, int count) throws InterruptedException {
    var up = send(pair.toServer, header(StreamKind.CONTRIBUTION, count), made(count));
    var down = send(pair.toClient, header(StreamKind.AGGREGATE, count), made(count));
    for (int i = 0; i < 100; i++) {
      pair.toServer.message(i, new byte[i * 100]);
    }
    var upDone = receive(take(pair.atServer.streams));
    var downDone = receive(take(pair.atClient.streams));
    assertThat(upDone).succeedsWithin(PATIENCE);
    assertThat(downDone).succeedsWithin(PATIENCE);
    assertThat(up).succeedsWithin(PATIENCE);
    assertThat(down).succeedsWithin(PATIENCE);
  }

  private Function<Integer, Publisher<EncodedChunk>> made(int count) {
    return chunks(allocator, count, LENGTH);
  }

  @ParameterizedTest
  @CsvSource({"2, false", "5, false", "64, false", "3, true"})
  void everythingArrivesInOrderBothWays(int stripes, boolean protect) throws Exception {
    LinkOptions server = options("coordinator", stripes);
    LinkOptions client = options("agent", stripes);
    if (protect) {
      CertificateAuthority authority = CertificateAuthority.create(folder);
      Path keys = authority.issue("coordinator", Set.of(Role.COORDINATE), Duration.ofDays(2));
      server = server.withSecurity(LinkSecurity.of(keys));
      keys = authority.issue("agent", Set.of(Role.CONTRIBUTE), Duration.ofDays(2));
      client = client.withSecurity(LinkSecurity.of(keys));
    }
    try (var pair = new LoopbackPair(server, client)) {
      awaitConnections(pair, stripes);
      bothWays(pair, 60);
      for (int i = 0; i < 20; i++) {
        assertThat(pair.toClient.ping().block(PATIENCE)).isPositive();
      }
    }
  }

  @RepeatedTest(6)
  void aStripeThatIsLostEndsTheLinkAndTheStreamIsResumedAtTheChunk() throws Exception {
    int count = 100;
    Random random = seeded.get();
    try (var server = bind(4);
        var gate = new ResettingProxy(server.address().getPort());
        var client = LinkClient.connect("127.0.0.1", gate.port(), options("agent", 4), atClient)) {
      assertThat(client).isNotNull();
      Link link = take(atClient.connected);
      eventually(() -> link.counters().connections() == 4);
      int lostAt = random.nextInt(40);
      int lost = random.nextInt(4);
      var broken = link.send(header(StreamKind.CONTRIBUTION, count), false, made(count)).toFuture();
      var received = new AtomicInteger();
      var ended = new CompletableFuture<Throwable>();
      take(atServer.streams)
          .chunks()
          .limitRate(2)
          .subscribe(
              chunk -> {
                int index = received.getAndIncrement();
                checkAndRelease(chunk, index, LENGTH);
                if (index == lostAt) {
                  gate.reset(lost);
                }
              },
              ended::complete);
      assertThat(ended)
          .succeedsWithin(PATIENCE)
          .matches(e -> Errors.codeOf(e) == ErrorCode.CONNECTION_LOST);
      assertThat(broken)
          .failsWithin(PATIENCE)
          .withThrowableThat()
          .havingCause()
          .matches(Errors::isRetryable);

      Link again = take(atClient.connected);
      var sent = again.send(header(StreamKind.CONTRIBUTION, count), true, made(count)).toFuture();
      InboundStream rest = take(atServer.streams);
      rest.resumeAt(received.get());
      var done = new CompletableFuture<Void>();
      rest.chunks()
          .subscribe(
              chunk -> checkAndRelease(chunk, received.getAndIncrement(), LENGTH),
              done::completeExceptionally,
              () -> {
                rest.acknowledge();
                done.complete(null);
              });
      assertThat(done).succeedsWithin(PATIENCE);
      assertThat(sent).succeedsWithin(PATIENCE);
      assertThat(received).hasValue(count);
    }
  }

  @Test
  void aLinkThatIsClosedStillSaysWhatWaitsWhereverTheTurnIs() throws Exception {
    for (int run = 0; run < 10; run++) {
      try (var pair = new LoopbackPair(options("coordinator", 6), options("agent", 6))) {
        awaitConnections(pair, 6);
        var down = send(pair.toClient, header(StreamKind.AGGREGATE, 40), made(40));
        take(pair.atClient.streams).chunks().subscribe(EncodedChunk::release, failure -> {});
        eventually(() -> pair.toServer.counters().bytesRead() > 300_000);
        pair.toClient.fail(ErrorCode.WRONG_VERSION, "this is the reason");
        Throwable cause = take(pair.atClient.disconnected);
        assertThat(Errors.codeOf(cause)).isEqualTo(ErrorCode.WRONG_VERSION);
        assertThat(down).failsWithin(PATIENCE);
      }
    }
  }

  @Test
  void whatGainsNothingIsGivenBackInTheMiddleOfATransfer() throws Exception {
    // The server caps the whole link, so that a second connection can't bring more.
    LinkOptions capped = TestOptions.with("coordinator", allocator, 2_000_000, 2);
    try (var pair =
        new LoopbackPair(
            capped.withStripes(new StripeRange(1, 2)),
            TestOptions.of("agent", allocator).withStripes(new StripeRange(1, 2)))) {
      int count = 80;
      var sent = send(pair.toClient, header(StreamKind.AGGREGATE, count), made(count));
      var done = receive(take(pair.atClient.streams));
      awaitConnections(pair, 2);
      awaitConnections(pair, 1);
      assertThat(done).isNotDone();
      assertThat(done).succeedsWithin(PATIENCE);
      assertThat(sent).succeedsWithin(PATIENCE);
      assertThat(pair.atClient.disconnected).isEmpty();
    }
  }

  // ---- a client that isn't one

  private RawPeer greet(LinkServer server) throws Exception {
    RawPeer peer = RawPeer.connect(server.address());
    peer.write(new RandomFrames(allocator, new Random(1), 1).hello());
    peer.readUntil(FrameType.HELLO);
    return peer;
  }

  private ByteBuf grant(RawPeer peer, int number) throws Exception {
    peer.write(StripeFrameFlyweight.encode(allocator, number, 0, 0));
    return peer.readUntil(FrameType.STRIPE);
  }

  private ByteBuf say(int number, ByteBuf granted) {
    return StripeFrameFlyweight.encode(
        allocator,
        number,
        StripeFrameFlyweight.tokenHigh(granted),
        StripeFrameFlyweight.tokenLow(granted));
  }

  private static void assertRefused(RawPeer peer, ErrorCode code) throws Exception {
    ByteBuf error = peer.readUntil(FrameType.ERROR);
    assertThat(ErrorFrameFlyweight.code(error)).isEqualTo(code.number());
  }

  @Test
  void aTokenHoldsOnceForItsNumberAndWhileTheLinkLives() throws Exception {
    try (LinkServer server = bind(3);
        RawPeer peer = greet(server)) {
      ByteBuf granted = grant(peer, 2);
      try (RawPeer guess = RawPeer.connect(server.address())) {
        guess.write(StripeFrameFlyweight.encode(allocator, 2, 1, 2));
        assertRefused(guess, ErrorCode.NOT_TRUSTED);
      }
      try (RawPeer none = RawPeer.connect(server.address())) {
        none.write(StripeFrameFlyweight.encode(allocator, 2, 0, 0));
        assertRefused(none, ErrorCode.NOT_TRUSTED);
      }
      try (RawPeer wrong = RawPeer.connect(server.address())) {
        wrong.write(say(1, granted));
        assertRefused(wrong, ErrorCode.NOT_TRUSTED);
      }
      try (RawPeer second = RawPeer.connect(server.address());
          RawPeer third = RawPeer.connect(server.address())) {
        second.write(say(2, granted));
        assertThat(StripeFrameFlyweight.connection(second.readUntil(FrameType.STRIPE)))
            .isEqualTo(2);
        third.write(say(2, granted));
        assertRefused(third, ErrorCode.NOT_TRUSTED);
        // The link has another connection and lives.
        peer.write(TurnFrameFlyweight.encode(allocator, 2, false));
        second.write(PingFrameFlyweight.encodePing(allocator, 5));
        ByteBuf pong = peer.readUntil(FrameType.PONG);
        assertThat(PingFrameFlyweight.nonce(pong)).isEqualTo(5);
      }
    }
  }

  @Test
  void aClaimUnderAnotherCertificateIsRefusedByItsNameAndTakesNothing() throws Exception {
    CertificateAuthority authority = CertificateAuthority.create(folder);
    Duration life = Duration.ofDays(2);
    Path coordinator = authority.issue("coordinator", Set.of(Role.COORDINATE), life);
    Path agent = authority.issue("agent", Set.of(Role.CONTRIBUTE), life);
    Path other = authority.issue("other", Set.of(Role.CONTRIBUTE), life);
    LinkOptions options = options("coordinator", 3).withSecurity(LinkSecurity.of(coordinator));
    try (LinkServer server = LinkServer.bind("127.0.0.1", 0, options, atServer);
        RawPeer peer = RawPeer.connect(server.address(), agent)) {
      byte[] name = "agent".getBytes(StandardCharsets.US_ASCII);
      peer.write(HelloFrameFlyweight.encode(allocator, 1, 2, new UUID(1, 2), 2, 0, name));
      peer.readUntil(FrameType.HELLO);
      ByteBuf granted = grant(peer, 1);
      try (RawPeer thief = RawPeer.connect(server.address(), other)) {
        thief.write(say(1, granted));
        ByteBuf error = thief.readUntil(FrameType.ERROR);
        assertThat(ErrorFrameFlyweight.code(error)).isEqualTo(ErrorCode.NOT_TRUSTED.number());
        assertThat(ErrorFrameFlyweight.text(error)).contains("other", "granted to this peer");
      }
      try (RawPeer second = RawPeer.connect(server.address(), agent)) {
        second.write(say(1, granted));
        assertThat(StripeFrameFlyweight.connection(second.readUntil(FrameType.STRIPE)))
            .isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void wrongClaimsTakeNoMoreThanConnectionsThatSayNothing(boolean protect) throws Exception {
    LinkOptions options = options("coordinator", 3);
    Path keys = null;
    if (protect) {
      CertificateAuthority authority = CertificateAuthority.create(folder);
      Duration life = Duration.ofDays(2);
      Path own = authority.issue("coordinator", Set.of(Role.COORDINATE), life);
      options = options.withSecurity(LinkSecurity.of(own));
      keys = authority.issue("fuzz", Set.of(Role.CONTRIBUTE), life);
    }
    var guesses = new ArrayList<RawPeer>();
    try (LinkServer server = LinkServer.bind("127.0.0.1", 0, options, atServer);
        RawPeer peer = connect(server, keys)) {
      peer.write(new RandomFrames(allocator, new Random(1), 1).hello());
      peer.readUntil(FrameType.HELLO);
      ByteBuf granted = grant(peer, 1);
      int most = 0;
      for (int i = 0; i < 2 * LinkSettings.MAX_HANDSHAKES.get(); i++) {
        try {
          // Kept open: the server itself has to let go of them.
          RawPeer guess = connect(server, keys);
          guesses.add(guess);
          guess.write(StripeFrameFlyweight.encode(allocator, 1, 1 + i, 2));
        } catch (IOException e) {
          // Turned away, as too many are open.
        }
        if (i % 50 == 0) {
          peer.write(PingFrameFlyweight.encodePing(allocator, i));
          assertThat(PingFrameFlyweight.nonce(peer.readUntil(FrameType.PONG))).isEqualTo(i);
        }
        most = Math.max(most, server.load().links());
      }
      // Event loops count at the same time: each may let one more in.
      int loops = Runtime.getRuntime().availableProcessors() * 2;
      assertThat(most).isLessThanOrEqualTo(1 + LinkSettings.MAX_HANDSHAKES.get() + loops);
      eventually(() -> server.load().links() == 1);
      try (RawPeer second = connect(server, keys)) {
        second.write(say(1, granted));
        assertThat(StripeFrameFlyweight.connection(second.readUntil(FrameType.STRIPE))).isOne();
      }
    } finally {
      for (RawPeer guess : guesses) {
        guess.close();
      }
    }
  }

  private static RawPeer connect(LinkServer server, @Nullable Path keys) throws IOException {
    return keys == null
        ? RawPeer.connect(server.address())
        : RawPeer.connect(server.address(), keys);
  }

  @Test
  void aTokenOfALinkThatHasEndedIsRefused() throws Exception {
    try (LinkServer server = bind(3)) {
      ByteBuf granted;
      try (RawPeer peer = greet(server)) {
        granted = grant(peer, 1);
      }
      take(atServer.disconnected);
      try (RawPeer late = RawPeer.connect(server.address())) {
        late.write(say(1, granted));
        assertRefused(late, ErrorCode.NOT_TRUSTED);
      }
    }
  }

  @Test
  void moreConnectionsThanTheServerHasAreRefused() throws Exception {
    try (LinkServer server = bind(3);
        RawPeer peer = greet(server)) {
      ByteBuf refused = grant(peer, 3);
      assertThat(StripeFrameFlyweight.tokenHigh(refused)).isZero();
      assertThat(StripeFrameFlyweight.tokenLow(refused)).isZero();
      assertThat(StripeFrameFlyweight.tokenHigh(grant(peer, 2))).isNotZero();
    }
    try (var pair = new LoopbackPair(options("coordinator", 3), options("agent", 8))) {
      awaitConnections(pair, 3);
      bothWays(pair, 10);
    }
  }

  @Test
  void aConnectionThatIsNotReadHoldsUpNoOther() throws Exception {
    try (LinkServer server = bind(2);
        RawPeer peer = RawPeer.connect(server.address())) {
      ByteBuf hello = new RandomFrames(allocator, new Random(1), 1).hello();
      peer.write(hello.setIntLE(32, HelloFrameFlyweight.MAX_INITIAL_CREDIT));
      peer.readUntil(FrameType.HELLO);
      ByteBuf granted = grant(peer, 1);
      try (RawPeer second = RawPeer.connect(server.address())) {
        second.write(say(1, granted));
        second.readUntil(FrameType.STRIPE);
        int count = 1000;
        Link link = take(atServer.connected);
        var sent = send(link, header(StreamKind.AGGREGATE, count), made(count));
        // More than both ends of the first connection take while nobody reads it.
        long read = 0;
        long most = 0;
        while (read < 50_000_000) {
          ByteBuf frame = second.read();
          assertThat(frame).as("a frame behind %d bytes", read).isNotNull();
          read += frame.readableBytes();
          most = Math.max(most, allocator.peakBytes());
        }
        assertThat(most).isLessThan(4 << 20);
        link.close();
        assertThat(sent).failsWithin(PATIENCE);
      }
    }
  }

  @Test
  void aTurnOfAConnectionThatIsNotThereEndsTheLink() throws Exception {
    try (LinkServer server = bind(8);
        RawPeer peer = greet(server)) {
      peer.write(TurnFrameFlyweight.encode(allocator, 3, false));
      assertRefused(peer, ErrorCode.MALFORMED);
    }
  }

  @Test
  void aConnectionWhoseTurnItIsNotIsReadNoFurtherThanItMayWait() throws Exception {
    try (LinkServer server = bind(2);
        RawPeer peer = greet(server)) {
      Link link = take(atServer.connected);
      ByteBuf granted = grant(peer, 1);
      try (RawPeer second = RawPeer.connect(server.address())) {
        second.write(say(1, granted));
        second.readUntil(FrameType.STRIPE);
        byte[] body = new byte[32_768];
        var writes =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    for (int i = 0; i < 2000; i++) {
                      second.write(MessageFrameFlyweight.encode(allocator, 1, body, 0, 32_768));
                    }
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                },
                work -> new Thread(work, "writes out of turn").start());
        long most = 0;
        for (int i = 0; i < 200; i++) {
          peer.write(PingFrameFlyweight.encodePing(allocator, i));
          peer.readUntil(FrameType.PONG);
          most = Math.max(most, allocator.peakBytes());
        }
        assertThat(writes).isNotDone();
        assertThat(most).isLessThan(6 << 20);
        peer.write(TurnFrameFlyweight.encode(allocator, 1, false));
        assertThat(writes).succeedsWithin(PATIENCE);
        for (int i = 0; i < 2000; i++) {
          take(atServer.messages);
        }
        assertThat(link.counters().connections()).isEqualTo(2);
      }
    }
  }
}
