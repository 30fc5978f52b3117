package io.tributary.link;

import static io.tributary.link.LoopbackPair.PATIENCE;
import static io.tributary.link.LoopbackPair.checkAndRelease;
import static io.tributary.link.LoopbackPair.chunk;
import static io.tributary.link.LoopbackPair.eventually;
import static io.tributary.link.LoopbackPair.header;
import static io.tributary.link.RecordingHandler.take;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.frame.CreditFrameFlyweight;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.ErrorFrameFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.OpenFrameFlyweight;
import io.tributary.frame.RandomFrames;
import io.tributary.netty.LeakCheckingAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** Streams that a server passes on between two clients. */
class RelayedStreamTest {
  private static final List<CodecRange> CODECS = List.of(new CodecRange(1, 1, 1));

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private final RelayGauge gauge = new RelayGauge(64 << 20);
  private final Map<String, Link> links = new ConcurrentHashMap<>();
  private final RecordingHandler near = new RecordingHandler();
  private final RecordingHandler far = new RecordingHandler();
  private LinkServer server = relay(0);
  private LinkClient nearClient = connect("near", near);
  private LinkClient farClient = connect("far", far);

  private LinkServer relay(long bytesPerSecond) {
    return LinkServer.bind(
        "127.0.0.1", 0, TestOptions.with("relay", allocator, bytesPerSecond, 2), new Router());
  }

  private LinkClient connect(String name, LinkHandler handler) {
    LinkClient client =
        LinkClient.connect(
            "127.0.0.1", server.address().getPort(), TestOptions.of(name, allocator), handler);
    try {
      eventually(() -> links.containsKey(name));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return client;
  }

  /** Passes streams on to whoever has the name. */
  private final class Router implements LinkHandler {
    @Override
    public void connected(Link link) {
      links.put(link.peer().name(), link);
    }

    @Override
    public void stream(Link link, InboundStream stream) {
      stream.reject(ErrorCode.INTERNAL, "not for the server");
    }

    @Override
    public RelayRoute route(Link from, String name) {
      Link to = links.get(name);
      if (to == null) {
        throw new TributaryException(ErrorCode.PEER_ABSENT, "no " + name);
      }
      return new RelayRoute(to, gauge);
    }

    @Override
    public void disconnected(Link link, Throwable cause) {
      links.remove(link.peer().name(), link);
    }
  }

  /** Takes what it is told to take. */
  private static final class Reader extends BaseSubscriber<EncodedChunk> {
    final AtomicInteger taken = new AtomicInteger();
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final int length;

    Reader(int length) {
      this.length = length;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {}

    @Override
    protected void hookOnNext(EncodedChunk chunk) {
      checkAndRelease(chunk, taken.getAndIncrement(), length);
    }

    @Override
    protected void hookOnComplete() {
      done.complete(null);
    }

    @Override
    protected void hookOnError(Throwable failure) {
      done.completeExceptionally(failure);
    }
  }

  private CompletableFuture<Void> send(Link link, FarPeer to, int chunks, int length) {
    return send(link, to, chunks, length, new AtomicInteger());
  }

  private CompletableFuture<Void> send(
      Link link, FarPeer to, int chunks, int length, AtomicInteger made) {
    return link.sendTo(
            to,
            header(StreamKind.ACTIVATIONS, chunks),
            () ->
                Flux.range(0, chunks)
                    .map(
                        i -> {
                          made.incrementAndGet();
                          return chunk(allocator, i, length);
                        }))
        .toFuture();
  }

  private static ErrorCode codeOf(CompletableFuture<?> failed) {
    return Errors.codeOf(failed.handle((done, why) -> why).orTimeout(20, SECONDS).join());
  }

  private void readAll(InboundStream stream, int chunks, int length) {
    var reader = new Reader(length);
    stream.chunks().subscribe(reader);
    reader.request(Long.MAX_VALUE);
    assertThat(reader.done).succeedsWithin(PATIENCE);
    assertThat(reader.taken).hasValue(chunks);
    stream.acknowledge();
  }

  @AfterEach
  void close() throws InterruptedException {
    nearClient.close();
    farClient.close();
    server.close();
    // Frames are dropped on the loop of the link that they were for.
    eventually(() -> gauge.held() == 0);
  }

  @Test
  void whatArrivesIsWhatWasSentAndItsSenderIsNamed() throws InterruptedException {
    var sent = send(take(near.connected), new FarPeer("far", CODECS), 9, 50_000);
    InboundStream stream = take(far.streams);
    assertThat(stream.far()).contains(new FarPeer("near", CODECS));
    assertThat(stream.header()).isEqualTo(header(StreamKind.ACTIVATIONS, 9));
    readAll(stream, 9, 50_000);
    assertThat(sent).succeedsWithin(PATIENCE);

    // And back, to the name that came with it.
    var answer = send(take(far.connected), stream.far().orElseThrow(), 3, 0);
    readAll(take(near.streams), 3, 0);
    assertThat(answer).succeedsWithin(PATIENCE);
    assertThat(gauge.passed()).isGreaterThan(9 * 50_000);
  }

  @Test
  void theFarReadersDemandIsTheSendersCredit() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    int length = 1 << 20;
    var sent = send(take(near.connected), new FarPeer("far", CODECS), 40, length, made);
    InboundStream stream = take(far.streams);
    eventually(() -> made.get() == 2);
    var reader = new Reader(length);
    stream.chunks().subscribe(reader);
    for (int i = 1; i <= 40; i++) {
      int expected = i;
      reader.request(1);
      eventually(() -> reader.taken.get() == expected);
      assertThat(made.get()).as("made when %d were taken", i).isLessThanOrEqualTo(i + 2);
    }
    assertThat(reader.done).succeedsWithin(PATIENCE);
    stream.acknowledge();
    assertThat(sent).succeedsWithin(PATIENCE);
    assertThat(gauge.peak()).as("of 40 MiB").isLessThan(3L * length);
  }

  @Test
  void aReaderThatAsksForAllDoesNotMakeTheRelayHoldIt() throws InterruptedException {
    // The link to the reader is thin, the one from the sender is not.
    nearClient.close();
    farClient.close();
    server.close();
    links.clear();
    server = relay(2_000_000);
    nearClient = connect("near", near);
    farClient = connect("far", far);
    take(near.connected);
    int length = 200_000;
    var sent = send(take(near.connected), new FarPeer("far", CODECS), 20, length);
    readAll(take(far.streams), 20, length);
    assertThat(sent).succeedsWithin(PATIENCE);
    assertThat(gauge.peak()).as("of 4 MB").isLessThan(3L * length);
  }

  @Test
  void whoIsNotThereIsSaid() throws InterruptedException {
    Link link = take(near.connected);
    assertThat(codeOf(send(link, new FarPeer("nobody", CODECS), 1, 10)))
        .isEqualTo(ErrorCode.PEER_ABSENT);
    var sent = send(link, new FarPeer("far", CODECS), 1, 10);
    readAll(take(far.streams), 1, 10);
    assertThat(sent).succeedsWithin(PATIENCE);
  }

  @Test
  void aReaderThatLeavesInTheMiddleEndsTheStreamAndNotTheLink() throws InterruptedException {
    Link link = take(near.connected);
    var sent = send(link, new FarPeer("far", CODECS), 50, 300_000);
    var reader = new Reader(300_000);
    take(far.streams).chunks().subscribe(reader);
    reader.request(3);
    eventually(() -> reader.taken.get() == 3);
    farClient.close();
    assertThat(codeOf(sent)).isEqualTo(ErrorCode.PEER_ABSENT);
    assertThat(link.ping().block(PATIENCE)).isPositive();
    eventually(() -> gauge.held() == 0);
  }

  @Test
  void aSenderThatLeavesInTheMiddleEndsTheStreamAndNotTheLink() throws InterruptedException {
    var sent = send(take(near.connected), new FarPeer("far", CODECS), 50, 300_000);
    var reader = new Reader(300_000);
    take(far.streams).chunks().subscribe(reader);
    reader.request(3);
    eventually(() -> reader.taken.get() == 3);
    nearClient.close();
    assertThat(codeOf(sent)).isEqualTo(ErrorCode.CONNECTION_LOST);
    assertThat(codeOf(reader.done)).isEqualTo(ErrorCode.PEER_ABSENT);
    assertThat(take(far.connected).ping().block(PATIENCE)).isPositive();
  }

  @Test
  void aReadersRefusalAndASendersCancelReachTheOther() throws InterruptedException {
    Link link = take(near.connected);
    var sent = send(link, new FarPeer("far", CODECS), 5, 10);
    take(far.streams).reject(ErrorCode.NON_FINITE, "row 3");
    assertThat(codeOf(sent)).isEqualTo(ErrorCode.NON_FINITE);

    var again = send(link, new FarPeer("far", CODECS), 5, 10);
    var reader = new Reader(10);
    take(far.streams).chunks().subscribe(reader);
    reader.request(1);
    eventually(() -> reader.taken.get() == 1);
    again.cancel(true);
    assertThat(codeOf(reader.done)).isEqualTo(ErrorCode.CANCELLED);
  }

  @Test
  void aCodecThatTheReaderLacksIsRefusedByTheRelayToo() throws InterruptedException {
    Link link = take(near.connected);
    assertThat(codeOf(send(link, new FarPeer("far", List.of()), 1, 10)))
        .isEqualTo(ErrorCode.UNKNOWN_CODEC);
    take(far.streams);
    // A sender that was told a wrong list.
    var believed = new FarPeer("far", List.of(new CodecRange(9, 1, 1)));
    var sent =
        link.sendTo(
                believed,
                header(StreamKind.ACTIVATIONS, 1),
                () -> Flux.just(new EncodedChunk(0, 0, 1, 9, 1, allocator.buffer().writeZero(8))))
            .toFuture();
    assertThat(codeOf(sent)).isEqualTo(ErrorCode.UNKNOWN_CODEC);
  }

  private RawPeer rawSender() throws Exception {
    RawPeer peer = RawPeer.connect(server.address());
    peer.write(new RandomFrames(allocator, new Random(1), 1).hello());
    peer.readUntil(FrameType.HELLO);
    byte[] name = "far".getBytes(StandardCharsets.US_ASCII);
    peer.write(OpenFrameFlyweight.encodeFar(allocator, 1, 4, 32, 0, 0, 0, 5, 0, name, List.of()));
    peer.readUntil(FrameType.CREDIT);
    return peer;
  }

  private void writeData(RawPeer peer, int index, int offset, int length) throws Exception {
    ByteBuf encoded = allocator.buffer(100).writeZero(100);
    peer.write(
        DataFrameFlyweight.encodeHeader(
            allocator, 1, index, 1, 1, 0, 0, 1, encoded, offset, length));
    peer.write(encoded.slice(offset, length).retain());
    encoded.release();
  }

  @Test
  void moreThanTheCreditIsRefused() throws Exception {
    try (RawPeer peer = rawSender()) {
      take(far.streams);
      for (int i = 0; i < 3; i++) {
        writeData(peer, i, 0, 100);
      }
      ByteBuf error = peer.readUntil(FrameType.ERROR);
      assertThat(ErrorFrameFlyweight.code(error)).isEqualTo(ErrorCode.CREDIT_EXCEEDED.number());
      assertThat(ErrorFrameFlyweight.stream(error)).isEqualTo(1);
    }
  }

  @Test
  void piecesThatContradictEachOtherEndTheirSendersLinkAlone() throws Exception {
    try (RawPeer peer = rawSender()) {
      InboundStream stream = take(far.streams);
      writeData(peer, 0, 0, 50);
      writeData(peer, 0, 60, 40);
      ByteBuf error = peer.readUntil(FrameType.ERROR);
      assertThat(ErrorFrameFlyweight.code(error)).isEqualTo(ErrorCode.MALFORMED.number());
      assertThat(ErrorFrameFlyweight.stream(error)).isZero();
      var reader = new Reader(100);
      stream.chunks().subscribe(reader);
      assertThat(codeOf(reader.done)).isEqualTo(ErrorCode.PEER_ABSENT);
    }
    assertThat(take(far.connected).ping().block(PATIENCE)).isPositive();
  }

  @Test
  void aReaderThatGrantsWithoutEndDoesNotOpenTheSendersWindow() throws Exception {
    RawPeer peer = RawPeer.connect(server.address());
    peer.write(new RandomFrames(allocator, new Random(1), 1).hello().setIntLE(32, 0));
    peer.readUntil(FrameType.HELLO);
    eventually(() -> links.containsKey("fuzz"));
    AtomicInteger made = new AtomicInteger();
    var sent = send(take(near.connected), new FarPeer("fuzz", CODECS), 60, 1 << 20, made);
    ByteBuf open = peer.readUntil(FrameType.OPEN);
    assertThat(OpenFrameFlyweight.farName(open)).isEqualTo("near");
    peer.write(
        CreditFrameFlyweight.encode(allocator, OpenFrameFlyweight.stream(open), Integer.MAX_VALUE));
    // It reads no more: the sockets fill, then the window of two chunks, and there it stays.
    eventually(() -> made.get() >= 2);
    Link other = take(far.connected);
    for (int i = 0; i < 20; i++) {
      other.ping().block(PATIENCE);
    }
    assertThat(gauge.peak()).isLessThan(3L << 20);
    assertThat(made.get()).isLessThan(12);
    peer.reset();
    assertThat(codeOf(sent)).isEqualTo(ErrorCode.PEER_ABSENT);
  }
}
