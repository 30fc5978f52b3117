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
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How fast bytes move from one agent to another over loopback: through a plain socket, over a link
 * from one to the other, and passed on by a relay, which is a process of its own with a small heap.
 */
public final class RelayThroughput {
  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final int CHUNK_BYTES = 256 * 1024;

  /** What a frame's payload holds, so that all ways write pieces of one size. */
  private static final int PIECE_BYTES = 16 * 1024;

  private static final String SERVICE = "bench";
  private static final List<CodecRange> CODECS = List.of(new CodecRange(1, 1, 1));

  private final int messageBytes;
  private final int messages;

  /**
   * One way.
   *
   * @param way {@code socket}, {@code link} or {@code relay}
   * @param messages that were moved after one to warm up
   * @param bytes of each
   * @param seconds for all of them
   * @param bytesPerSecond payload
   * @param heldPeak the most bytes that the relay held, 0 for the others
   */
  public record Row(
      String way, int messages, long bytes, double seconds, double bytesPerSecond, long heldPeak) {}

  /**
   * Figures of a machine at one moment.
   *
   * @param relayOfSocket the relay's rate by the plain socket's
   * @param relayOfLink the relay's rate by that of one link
   * @param relayHeap the heap of the relay's JVM, in bytes
   * @param rows the ways
   */
  public record Figures(double relayOfSocket, double relayOfLink, long relayHeap, List<Row> rows) {}

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
   * Measures all ways one after the other.
   *
   * @param heapMegabytes the heap of the relay's JVM
   * @param folder where the relay's log goes
   */
  public Figures run(int heapMegabytes, Path folder) {
    Row socket = socket();
    Row link = link();
    Row relay = relay(heapMegabytes, folder);
    return new Figures(
        relay.bytesPerSecond() / socket.bytesPerSecond(),
        relay.bytesPerSecond() / link.bytesPerSecond(),
        (long) heapMegabytes << 20,
        List.of(socket, link, relay));
  }

  private Row row(String way, double seconds, long heldPeak) {
    double rate = (double) messageBytes * messages / seconds;
    return new Row(way, messages, messageBytes, seconds, rate, heldPeak);
  }

  // ---- a plain socket

  private Row socket() {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var out = new Socket(server.getInetAddress(), server.getLocalPort());
        var in = server.accept()) {
      CompletableFuture<Long> warm = reading(in, messageBytes);
      fill(out, messageBytes);
      warm.join();
      long all = (long) messageBytes * messages;
      long began = System.nanoTime();
      CompletableFuture<Long> read = reading(in, all);
      fill(out, all);
      read.join();
      return row("socket", (System.nanoTime() - began) / 1e9, 0);
    } catch (IOException | CompletionException e) {
      throw new TributaryException(ErrorCode.CONNECTION_LOST, "loopback: " + e.getMessage(), e);
    }
  }

  private static CompletableFuture<Long> reading(Socket socket, long bytes) {
    return CompletableFuture.supplyAsync(
        () -> drain(socket, bytes), work -> new Thread(work, "reads loopback").start());
  }

  private static void fill(Socket socket, long bytes) throws IOException {
    var piece = new byte[PIECE_BYTES];
    for (long sent = 0; sent < bytes; sent += piece.length) {
      socket.getOutputStream().write(piece);
    }
  }

  private static long drain(Socket socket, long bytes) {
    var piece = new byte[64 * 1024];
    try {
      InputStream in = socket.getInputStream();
      long read = 0;
      while (read < bytes) {
        int count = in.read(piece);
        if (count < 0) {
          throw new IOException("the connection ended after " + read + " bytes");
        }
        read += count;
      }
      return read;
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  // ---- links

  private Row link() {
    var atServer = new Side();
    var atClient = new Side();
    try (LinkServer server = LinkServer.bind("127.0.0.1", 0, options("receiver"), atServer)) {
      LinkClient client =
          LinkClient.connect("127.0.0.1", server.address().getPort(), options("sender"), atClient);
      try {
        Link out = await(atClient.connected);
        return row("link", move(chunks -> out.send(header(), false, from -> chunks)), 0);
      } finally {
        client.close();
      }
    }
  }

  private Row relay(int heapMegabytes, Path folder) {
    var port = new CompletableFuture<Integer>();
    var left = new CompletableFuture<JsonNode>();
    ChildProcess relay =
        ChildProcess.start(
            "relay",
            folder,
            jvmOptions(heapMegabytes),
            List.of("relay", "--port", "0", "--events"),
            event -> {
              switch (event.path("event").asText()) {
                case "relaying" -> port.complete(event.path("port").asInt());
                case "left" -> left.complete(event);
                default -> {}
              }
            });
    try {
      double seconds = throughRelay(await(port));
      return row("relay", seconds, await(left).path("peakBytes").asLong());
    } finally {
      relay.close();
    }
  }

  private double throughRelay(int port) {
    var receiver = new Side();
    var sender = new Side();
    LinkClient in = LinkClient.connect("127.0.0.1", port, options("receiver"), receiver);
    LinkClient out = LinkClient.connect("127.0.0.1", port, options("sender"), sender);
    try {
      await(receiver.connected)
          .message(
              MessageKind.OFFER.number(), RunDocuments.toBytes(new ServiceOffer(SERVICE, 1, "")));
      Link link = await(sender.connected);
      link.message(
          MessageKind.SEEK.number(),
          RunDocuments.toBytes(new ServiceRequest(SERVICE, null, List.of())));
      await(sender.found);
      var far = new FarPeer("receiver", CODECS);
      return move(chunks -> link.sendTo(far, header(), () -> chunks));
    } finally {
      out.close();
      in.close();
    }
  }

  /** Sends one message to warm up and then all others, one after the other; returns seconds. */
  private double move(Function<Flux<EncodedChunk>, Mono<Void>> send) {
    ByteBuf payload =
        PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES);
    try {
      Flux<EncodedChunk> chunks =
          Flux.range(0, messageBytes / CHUNK_BYTES)
              .map(i -> new EncodedChunk(0, i, CHUNK_BYTES / 4, 1, 1, payload.retainedDuplicate()));
      send.apply(chunks).block(PATIENCE);
      long began = System.nanoTime();
      for (int i = 0; i < messages; i++) {
        send.apply(chunks).block(PATIENCE);
      }
      return (System.nanoTime() - began) / 1e9;
    } finally {
      payload.release();
    }
  }

  private StreamHeader header() {
    return new StreamHeader(StreamKind.ACTIVATIONS, 0, 0, 0, messageBytes / CHUNK_BYTES, 0);
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

    @Override
    public void disconnected(Link link, Throwable cause) {}
  }
}
