package io.tributary.bench.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tributary.bench.chaos.FaultProxy;
import io.tributary.bench.cluster.FastLink;
import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkCounters;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkServer;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.link.StripeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/**
 * What further connections of a link gain: bytes a second of an endless stream with one connection,
 * with a fixed number, and with the number that the link chooses, over networks between which only
 * a proxy differs. Both ends are in this process.
 */
public final class StripesBench {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CHUNK_BYTES = 256 * 1024;

  /** A stream that ends no sooner than the bench. */
  private static final int ENDLESS = 1 << 24;

  private static final long CAP = 4_000_000;
  private static final Duration DELAY = Duration.ofMillis(25);

  private final int stripes;
  private final int seconds;
  private final int rounds;

  /** Where the bytes go. */
  public enum Network {
    /** Each connection is capped at 4 MB/s. */
    CAPPED,
    /** 25 ms each way, and a window of 256 KiB for each connection. */
    DELAYED,
    /** Loopback as it is. */
    BARE
  }

  /**
   * One measurement.
   *
   * @param network between the ends
   * @param way {@code one}, {@code fixed} or {@code chosen}
   * @param round counted from 0
   * @param connections at the end
   * @param bytesPerSecond of the last seconds
   */
  public record Row(
      String network, String way, int round, int connections, double bytesPerSecond) {}

  /**
   * All measurements of a run.
   *
   * @param rows in the order of their taking
   */
  public record Figures(List<Row> rows) {}

  /**
   * A bench.
   *
   * @param stripes the fixed number, and the most that the link may choose
   * @param seconds of each measurement, behind a time to find the number or to warm up
   * @param rounds of all measurements
   */
  public StripesBench(int stripes, int seconds, int rounds) {
    this.stripes = stripes;
    this.seconds = seconds;
    this.rounds = rounds;
  }

  /** Measures all ways over all networks in turn. */
  public List<Row> run(Consumer<Row> progress) throws InterruptedException {
    var rows = new ArrayList<Row>();
    for (Network network : Network.values()) {
      for (int round = 0; round < rounds; round++) {
        for (String way : List.of("one", "fixed", "chosen")) {
          Row row = measure(network, way, round);
          rows.add(row);
          progress.accept(row);
        }
      }
    }
    return rows;
  }

  private Row measure(Network network, String way, int round) throws InterruptedException {
    StripeRange range =
        switch (way) {
          case "one" -> StripeRange.one();
          case "fixed" -> new StripeRange(stripes, stripes);
          default -> new StripeRange(1, stripes);
        };
    var atServer = new Side();
    var atClient = new Side();
    try (LinkServer server = LinkServer.bind("127.0.0.1", 0, options("server", range), atServer);
        FaultProxy proxy = new FaultProxy(server.address().getPort(), 1)) {
      if (network == Network.CAPPED) {
        proxy.slow(CAP);
      } else if (network == Network.DELAYED) {
        proxy.delay(DELAY);
      }
      int port = network == Network.BARE ? server.address().getPort() : proxy.port();
      try (var client = LinkClient.connect("127.0.0.1", port, options("client", range), atClient)) {
        return measure(client, atClient, network, way, round);
      }
    }
  }

  private Row measure(LinkClient client, Side atClient, Network network, String way, int round)
      throws InterruptedException {
    Objects.requireNonNull(client, "a link lives as long as its client");
    Link link = await(atClient.connected);
    ByteBuf payload =
        PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES);
    Disposable stream =
        link.send(
                new StreamHeader(StreamKind.SNAPSHOT, 0, 0, 0, ENDLESS, 0),
                false,
                from ->
                    Flux.range(from, ENDLESS - from)
                        .map(
                            i ->
                                new EncodedChunk(
                                    0, i, CHUNK_BYTES / 4, 1, 1, payload.retainedDuplicate())))
            .subscribe(done -> {}, failure -> {});
    try {
      // A step takes five intervals of at most two seconds, the first one before any.
      TimeUnit.SECONDS.sleep(way.equals("chosen") ? 10L * steps() : 4);
      LinkCounters before = link.counters();
      TimeUnit.SECONDS.sleep(seconds);
      LinkCounters after = link.counters();
      LinkCounters passed = after.since(before);
      return new Row(
          network.name(),
          way,
          round,
          after.connections(),
          passed.bytesWritten() * 1e9 / passed.nanos());
    } finally {
      stream.dispose();
      payload.release();
    }
  }

  private int steps() {
    return 1 + Integer.SIZE - Integer.numberOfLeadingZeros(stripes - 1);
  }

  private static LinkOptions options(String name, StripeRange range) {
    return FastLink.options(name, List.of(new CodecRange(1, 1, 1))).withStripes(range);
  }

  private static Link await(CompletableFuture<Link> event) throws InterruptedException {
    try {
      return Objects.requireNonNull(event.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      throw new TributaryException(ErrorCode.PEER_SILENT, "the ends never met", e);
    }
  }

  /** Takes whatever comes and forgets it. */
  private static final class Side implements LinkHandler {
    final CompletableFuture<Link> connected = new CompletableFuture<>();

    @Override
    public void connected(Link link) {
      connected.complete(link);
    }

    @Override
    public void message(Link link, int kind, byte[] body) {}

    @Override
    public void stream(Link link, InboundStream stream) {
      stream.chunks().subscribe(EncodedChunk::release, failure -> {}, stream::acknowledge);
    }

    @Override
    public void disconnected(Link link, Throwable cause) {}
  }
}
