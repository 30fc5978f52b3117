package io.tributary.bench.link;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tributary.bench.ChildProcess;
import io.tributary.bench.cluster.FastLink;
import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.link.FarPeer;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkServer;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.ServiceOffer;
import io.tributary.run.ServiceRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How fast bytes move from one agent to another over loopback: through a plain socket, through two
 * with a bare Netty proxy between them, over a link from one to the other, and passed on by a
 * relay, which is a process of its own with a small heap.
 *
 * <p>All ways are open at once and take turns message by message, so that whatever else the machine
 * does meets all of them alike; what is told are medians over the turns.
 */
public final class RelayThroughput {
  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final int CHUNK_BYTES = 256 * 1024;

  /** Turns before the measurement, if there are as many in it. */
  private static final int MOST_WARM_UP = 4;

  private static final String SERVICE = "bench";
  private static final List<CodecRange> CODECS = List.of(new CodecRange(1, 1, 1));

  private final int messageBytes;
  private final int messages;

  /**
   * One way.
   *
   * @param way {@code socket}, {@code proxy}, {@code link} or {@code relay}
   * @param messages that were moved after some to warm up
   * @param bytes of each
   * @param seconds for all of them
   * @param bytesPerSecond payload, of the median message
   * @param heldPeak the most bytes that the relay held, 0 for the others
   */
  public record Row(
      String way, int messages, long bytes, double seconds, double bytesPerSecond, long heldPeak) {}

  /**
   * Figures of a machine at one moment. Each ratio is the median over the turns.
   *
   * @param relayOfSocket the relay's rate by the plain socket's
   * @param relayOfProxy the relay's rate by the bare proxy's
   * @param relayOfLink the relay's rate by that of one link
   * @param relayHeap the heap of the relay's JVM, in bytes
   * @param rows the ways
   */
  public record Figures(
      double relayOfSocket,
      double relayOfProxy,
      double relayOfLink,
      long relayHeap,
      List<Row> rows) {}

  /**
   * A bench.
   *
   * @param messageBytes of each message, whole MiB
   * @param messages to move each way, at least 1
   */
  public RelayThroughput(int messageBytes, int messages) {
    this.messageBytes = messageBytes;
    this.messages = messages;
  }

  /**
   * Measures all ways in turn.
   *
   * @param heapMegabytes the heap of the relay's JVM
   * @param folder where the relay's log goes
   */
  public Figures run(int heapMegabytes, Path folder) {
    try (TransferWay socket = SocketWay.direct();
        TransferWay proxy = SocketWay.open(BareProxy::new);
        TransferWay link = new LinkWay();
        var relay = new RelayWay(heapMegabytes, folder)) {
      List<TransferWay> ways = List.of(socket, proxy, link, relay);
      var seconds = new double[ways.size()][messages];
      for (int turn = -Math.min(messages, MOST_WARM_UP); turn < messages; turn++) {
        for (int i = 0; i < seconds.length; i++) {
          double taken = seconds(ways.get(i));
          if (turn >= 0) {
            seconds[i][turn] = taken;
          }
        }
      }
      long heldPeak = relay.leave();
      return new Figures(
          ratio(seconds[0], seconds[3]),
          ratio(seconds[1], seconds[3]),
          ratio(seconds[2], seconds[3]),
          (long) heapMegabytes << 20,
          List.of(
              row("socket", seconds[0], 0),
              row("proxy", seconds[1], 0),
              row("link", seconds[2], 0),
              row("relay", seconds[3], heldPeak)));
    }
  }

  private double seconds(TransferWay way) {
    long began = System.nanoTime();
    way.move(messageBytes);
    return (System.nanoTime() - began) / 1e9;
  }

  private Row row(String way, double[] seconds, long heldPeak) {
    double rate = messageBytes / median(DoubleStream.of(seconds));
    return new Row(way, messages, messageBytes, DoubleStream.of(seconds).sum(), rate, heldPeak);
  }

  private static double ratio(double[] seconds, double[] ofRelay) {
    return median(IntStream.range(0, seconds.length).mapToDouble(i -> seconds[i] / ofRelay[i]));
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** A link from one to the other. */
  private static final class LinkWay implements TransferWay {
    private final LinkServer server;
    private final LinkClient client;
    private final Link out;

    LinkWay() {
      var sender = new Side();
      server = LinkServer.bind("127.0.0.1", 0, options("receiver"), new Side());
      client =
          LinkClient.connect("127.0.0.1", server.address().getPort(), options("sender"), sender);
      out = await(sender.connected);
    }

    @Override
    public void move(int bytes) {
      send(bytes, chunks -> out.send(header(bytes), false, from -> chunks));
    }

    @Override
    public void close() {
      client.close();
      server.close();
    }
  }

  /** Two agents and the relay between them. */
  private static final class RelayWay implements TransferWay {
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final CompletableFuture<JsonNode> left = new CompletableFuture<>();
    private final ChildProcess process;
    private final LinkClient in;
    private final LinkClient out;
    private final Link link;

    RelayWay(int heapMegabytes, Path folder) {
      process =
          ChildProcess.start(
              "relay",
              folder,
              jvmOptions(heapMegabytes),
              List.of("relay", "--port", "0", "--events"),
              this::hear);
      var receiver = new Side();
      var sender = new Side();
      in = LinkClient.connect("127.0.0.1", await(port), options("receiver"), receiver);
      out = LinkClient.connect("127.0.0.1", await(port), options("sender"), sender);
      await(receiver.connected)
          .message(
              MessageKind.OFFER.number(), RunDocuments.toBytes(new ServiceOffer(SERVICE, 1, "")));
      link = await(sender.connected);
      link.message(
          MessageKind.SEEK.number(),
          RunDocuments.toBytes(new ServiceRequest(SERVICE, null, List.of())));
      await(sender.found);
    }

    private void hear(JsonNode event) {
      switch (event.path("event").asText()) {
        case "relaying" -> port.complete(event.path("port").asInt());
        case "left" -> left.complete(event);
        default -> {}
      }
    }

    @Override
    public void move(int bytes) {
      var far = new FarPeer("receiver", CODECS);
      send(bytes, chunks -> link.sendTo(far, header(bytes), () -> chunks));
    }

    /** Both agents leave; returns the most bytes that the relay held at any time. */
    long leave() {
      out.close();
      in.close();
      return await(left).path("peakBytes").asLong();
    }

    @Override
    public void close() {
      out.close();
      in.close();
      process.close();
    }
  }

  private static void send(int bytes, Function<Flux<EncodedChunk>, Mono<Void>> way) {
    ByteBuf payload =
        PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES);
    try {
      way.apply(
              Flux.range(0, bytes / CHUNK_BYTES)
                  .map(
                      i ->
                          new EncodedChunk(
                              0, i, CHUNK_BYTES / 4, 1, 1, payload.retainedDuplicate())))
          .block(PATIENCE);
    } finally {
      payload.release();
    }
  }

  private static StreamHeader header(int bytes) {
    return new StreamHeader(StreamKind.ACTIVATIONS, 0, 0, 0, bytes / CHUNK_BYTES, 0);
  }

  private static List<String> jvmOptions(int heapMegabytes) {
    var options = new ArrayList<String>(FastLink.jvmOptions());
    options.add("-Xmx" + heapMegabytes + "m");
    return options;
  }

  private static LinkOptions options(String name) {
    return FastLink.options(name, CODECS);
  }

  private static <T> T await(CompletableFuture<T> event) {
    try {
      return Objects.requireNonNull(event.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new TributaryException(ErrorCode.PEER_SILENT, "the ends never met", e);
    }
  }

  /** Takes whatever comes, acknowledges it and forgets it. */
  private static final class Side implements LinkHandler {
    final CompletableFuture<Link> connected = new CompletableFuture<>();
    final CompletableFuture<byte[]> found = new CompletableFuture<>();

    @Override
    public void connected(Link link) {
      connected.complete(link);
    }

    @Override
    public void message(Link link, int kind, byte[] body) {
      found.complete(body);
    }

    @Override
    public void stream(Link link, InboundStream stream) {
      stream.chunks().subscribe(EncodedChunk::release, failure -> {}, stream::acknowledge);
    }
  }
}
