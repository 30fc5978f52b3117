package io.tributary.bench.cluster;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.FragmentChecksum;
import io.tributary.run.JoinReply;
import io.tributary.run.JoinRequest;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.tensor.ModelSchema;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An agent's side of the exchange over the product's own link, without trainer and without disk:
 * joins a new run and contributes to one fragment after the other, three of them at once, up to the
 * version that it is told to. A connection that breaks ends it.
 *
 * <p>Callbacks come from event loops; all state is guarded by this object's monitor.
 */
public final class LightAgent implements LinkHandler, AutoCloseable {
  /** What a light agent sends, and what it does with what comes. Called on event loops. */
  public interface Cargo {
    /** The number of chunks of a contribution to a fragment. */
    int chunks(int fragment);

    /** The chunks of the contribution to a version, made on a thread of the cargo's own. */
    Flux<EncodedChunk> contribution(int fragment, int version);

    /**
     * Takes the chunks of the change that leads to a version.
     *
     * @return the checksum of the fragment when all of it is applied, or nothing if it wasn't
     *     applied
     */
    Mono<Integer> change(int fragment, int version, Flux<EncodedChunk> chunks);
  }

  /** While one version is made, the contributions to the next ones travel. */
  private static final int MOST_UNDER_WAY = 3;

  private final String name;
  private final ModelSchema schema;
  private final Cargo cargo;
  private final CompletableFuture<JoinReply> joined = new CompletableFuture<>();
  private final LinkClient client;
  private @Nullable Link link;
  private int[] sent = new int[0];
  private int[] applied = new int[0];
  private int underWay;
  private int next;
  private int limit;
  private CompletableFuture<Void> reached = new CompletableFuture<>();
  private boolean closed;

  /** Begins to connect to a coordinator on loopback, under the name in the options. */
  public LightAgent(LinkOptions options, ModelSchema schema, Cargo cargo, int port) {
    name = options.name();
    this.schema = schema;
    this.cargo = cargo;
    client = LinkClient.connect("127.0.0.1", port, options, this);
  }

  /** Completes when the agent has its place in the run. */
  public CompletableFuture<JoinReply> joined() {
    return joined;
  }

  /** Takes part up to a version of every fragment; completes when all of them have come. */
  public synchronized CompletableFuture<Void> goOn(int version) {
    limit = version;
    reached = new CompletableFuture<>();
    contribute();
    return reached;
  }

  /** Bytes written to and read from the socket so far. */
  public synchronized long bytes() {
    Link open = link;
    return open == null ? 0 : open.counters().bytesWritten() + open.counters().bytesRead();
  }

  private void contribute() {
    while (underWay < MOST_UNDER_WAY && applied.length > 0) {
      if (sent[next] > applied[next] || sent[next] >= limit) {
        break; // the fragments go round in turn
      }
      sent[next]++;
      underWay++;
      send(next, sent[next]);
      next = (next + 1) % sent.length;
    }
    if (applied.length > 0 && Arrays.stream(applied).allMatch(version -> version >= limit)) {
      reached.complete(null);
    }
  }

  private void send(int fragment, int version) {
    Link open = link;
    if (open == null) {
      return;
    }
    int participant = joined.join().participant();
    var header =
        new StreamHeader(
            StreamKind.CONTRIBUTION, fragment, version, participant, cargo.chunks(fragment), 1);
    open.send(header, false, from -> cargo.contribution(fragment, version).skip(from))
        .subscribe(taken -> {}, this::fail);
  }

  private synchronized void fail(Throwable cause) {
    if (!closed) {
      joined.completeExceptionally(cause);
      reached.completeExceptionally(cause);
    }
  }

  @Override
  public synchronized void connected(Link opened) {
    link = opened;
    var join = new JoinRequest(name, null, List.of(), schema.hash(), schema);
    opened.message(MessageKind.JOIN.number(), RunDocuments.toBytes(join));
  }

  @Override
  public void message(Link from, int kind, byte[] body) {
    if (kind == MessageKind.WELCOME.number()) {
      welcome(RunDocuments.fromBytes(body, JoinReply.class));
    }
  }

  private synchronized void welcome(JoinReply reply) {
    if (reply.snapshot()) {
      fail(
          new TributaryException(
              ErrorCode.WRONG_VERSION,
              name + ": expected a run that begins, found versions " + reply.committed()));
      return;
    }
    sent = new int[reply.committed().size()];
    applied = new int[sent.length];
    joined.complete(reply);
    contribute();
  }

  @Override
  public void stream(Link from, InboundStream stream) {
    int fragment = stream.header().fragment();
    int version = stream.header().version();
    cargo
        .change(fragment, version, stream.chunks())
        .doOnNext(
            checksum ->
                from.message(
                    MessageKind.CHECKSUM.number(),
                    new FragmentChecksum(fragment, version, checksum).toBytes()))
        .subscribe(checksum -> {}, this::fail, () -> applied(stream));
  }

  private synchronized void applied(InboundStream stream) {
    stream.acknowledge();
    applied[stream.header().fragment()] = stream.header().version();
    underWay--;
    contribute();
  }

  @Override
  public void disconnected(Link from, Throwable cause) {
    fail(cause);
  }

  @Override
  public void refused(String address, TributaryException cause) {
    fail(cause);
  }

  /** Leaves the coordinator. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    client.close();
  }
}
