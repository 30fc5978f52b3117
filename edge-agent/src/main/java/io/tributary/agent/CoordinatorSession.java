package io.tributary.agent;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkCounters;
import io.tributary.link.LinkHandler;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.EncodedPart;
import io.tributary.run.JoinReply;
import io.tributary.run.JoinRequest;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.tensor.ModelSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * The agent's conversation with its coordinator over however many connections it takes: says JOIN
 * on each, sends what is pending until it is acknowledged, collects what comes, and lets the worker
 * wait for it.
 *
 * <p>Callbacks come from the event loop and only note things; the worker's methods block until what
 * they ask for is there or the conversation has failed for good. All state is guarded by this
 * object's monitor, which nobody holds while waiting for a socket.
 */
final class CoordinatorSession implements LinkHandler {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorSession.class);
  private static final Duration SAY_AFTER = Duration.ofSeconds(10);

  private record Key(int fragment, int version) {}

  private final String agent;
  private final ModelSchema schema;
  private final Map<Key, PendingContribution> pending = new HashMap<>();
  private final Map<Key, Aggregate> changes = new HashMap<>();
  private final Map<Integer, Aggregate> snapshot = new HashMap<>();
  private final Map<Integer, byte[]> checksums = new HashMap<>();
  private List<Integer> applied = List.of();
  private @Nullable String run;
  private long bytesUp;
  private long bytesDown;
  private boolean farewell;
  private byte @Nullable [] finish;
  private @Nullable Link link;
  private @Nullable JoinReply reply;
  private @Nullable TributaryException failure;

  /**
   * A conversation that isn't connected yet.
   *
   * @param agent the agent's name
   * @param schema its model
   * @param earlier the state of an earlier process, whose pending contributions go on from here;
   *     null for none
   */
  CoordinatorSession(String agent, ModelSchema schema, @Nullable AgentState earlier) {
    this.agent = agent;
    this.schema = schema;
    if (earlier != null) {
      earlier.pending().forEach(c -> pending.put(new Key(c.fragment(), c.version()), c));
      bytesUp = earlier.bytesUp();
      bytesDown = earlier.bytesDown();
      run = earlier.run();
      applied = earlier.applied();
    }
  }

  // ------------------------------------------------------------------------- the worker's side

  /** Waits until the coordinator has answered JOIN for the first time. */
  synchronized JoinReply awaitReply() {
    await("the coordinator's answer", () -> reply != null);
    return java.util.Objects.requireNonNull(reply);
  }

  /**
   * Sends a contribution, now or on the next connection, until it is acknowledged or its aggregate
   * has come.
   */
  synchronized void contribute(PendingContribution contribution) {
    pending.put(new Key(contribution.fragment(), contribution.version()), contribution);
    Link open = link;
    if (open != null && reply != null) {
      send(open, contribution, false);
    }
  }

  /**
   * Waits for the change that leads to a version.
   *
   * @return the change, or null if a snapshot has come instead, since the coordinator no longer
   *     keeps the change
   */
  synchronized @Nullable Aggregate awaitChange(int fragment, int version) {
    var key = new Key(fragment, version);
    await(
        "version " + version + " of fragment " + fragment,
        () -> changes.containsKey(key) || snapshotComplete());
    return snapshotComplete() ? null : changes.get(key);
  }

  /** Waits until a snapshot of every fragment is here, and takes it. */
  synchronized List<Aggregate> awaitSnapshot() {
    await("the current model", this::snapshotComplete);
    List<Aggregate> all = List.copyOf(snapshot.values());
    snapshot.clear();
    pending.clear();
    return all;
  }

  /** Whether a snapshot of every fragment has come that nobody has taken. */
  synchronized boolean snapshotComplete() {
    return reply != null && !snapshot.isEmpty() && snapshot.size() == reply.committed().size();
  }

  /** Forgets versions of a fragment up to one that was applied, and sends its checksum. */
  synchronized void applied(int fragment, int version, byte[] checksum) {
    changes.keySet().removeIf(key -> key.fragment() == fragment && key.version() <= version);
    pending.keySet().removeIf(key -> key.fragment() == fragment && key.version() <= version);
    var versions = new ArrayList<>(applied);
    versions.set(fragment, version);
    applied = List.copyOf(versions);
    checksums.put(fragment, checksum);
    message(MessageKind.CHECKSUM, checksum);
  }

  /** The contributions whose aggregate hasn't been applied. */
  synchronized List<PendingContribution> pending() {
    return List.copyOf(pending.values());
  }

  /** Sends a message if there is a connection; progress that nobody hears is not kept. */
  synchronized void message(MessageKind kind, byte[] body) {
    Link open = link;
    if (open != null && reply != null) {
      open.message(kind.number(), body);
    }
  }

  /** Says that everything is applied, on each connection until the coordinator says farewell. */
  synchronized void finish(byte[] message) {
    finish = message;
    message(MessageKind.FINISHED, message);
    await("the other agents to finish", () -> farewell);
  }

  /** Bytes written to the sockets of all connections. */
  synchronized long bytesUp() {
    Link open = link;
    return bytesUp + (open == null ? 0 : open.counters().bytesWritten());
  }

  /** Bytes read from the sockets of all connections. */
  synchronized long bytesDown() {
    Link open = link;
    return bytesDown + (open == null ? 0 : open.counters().bytesRead());
  }

  /** The share of the up-link's cap that the present connection uses, 0 without a cap. */
  synchronized double linkUse() {
    Link open = link;
    return open == null ? 0 : open.counters().busyShare();
  }

  private void await(String what, BooleanSupplier here) {
    long began = System.nanoTime();
    long said = began;
    while (!here.getAsBoolean()) {
      if (failure != null) {
        throw failure;
      }
      try {
        wait(1000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TributaryException(
            ErrorCode.CANCELLED, "interrupted while waiting for " + what, e);
      }
      long now = System.nanoTime();
      if (now - said > SAY_AFTER.toNanos() && !here.getAsBoolean()) {
        said = now;
        LOG.info(
            "waiting for {} for {} s{}",
            what,
            (now - began) / 1_000_000_000,
            link == null ? "; not connected" : "");
      }
    }
  }

  // ------------------------------------------------------------------------- the event loop's side

  @Override
  public synchronized void connected(Link opened) {
    link = opened;
    var join = new JoinRequest(agent, run, applied, schema.hash(), schema);
    opened.message(MessageKind.JOIN.number(), RunDocuments.toBytes(join));
  }

  @Override
  public synchronized void message(Link from, int kind, byte[] body) {
    MessageKind known =
        MessageKind.fromWire(kind)
            .orElseThrow(
                () ->
                    new TributaryException(
                        ErrorCode.PROTOCOL_VIOLATION, "message of unknown kind " + kind));
    switch (known) {
      case WELCOME -> welcome(from, RunDocuments.fromBytes(body, JoinReply.class));
      case FAREWELL -> farewell = true;
      default ->
          throw new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION, "a coordinator doesn't send " + known);
    }
    notifyAll();
  }

  private void welcome(Link from, JoinReply welcome) {
    JoinReply former = reply;
    if (former != null && !former.manifest().equals(welcome.manifest())) {
      throw new TributaryException(
          ErrorCode.OTHER_RUN,
          "the coordinator now leads another run: expected "
              + former.manifest().run()
              + ", found "
              + welcome.manifest().run());
    }
    reply = welcome;
    run = welcome.manifest().run();
    snapshot.clear();
    if (applied.isEmpty()) {
      applied = java.util.Collections.nCopies(welcome.committed().size(), 0);
    }
    for (PendingContribution contribution : List.copyOf(pending.values())) {
      if (contribution.version() > welcome.received().get(contribution.fragment())) {
        send(from, contribution, true);
      }
    }
    checksums.forEach(
        (fragment, checksum) -> from.message(MessageKind.CHECKSUM.number(), checksum));
    if (finish != null) {
      from.message(MessageKind.FINISHED.number(), finish);
    }
  }

  private void send(Link over, PendingContribution contribution, boolean repeated) {
    var header =
        new StreamHeader(
            StreamKind.CONTRIBUTION,
            contribution.fragment(),
            contribution.version(),
            java.util.Objects.requireNonNull(reply).participant(),
            contribution.parts().size(),
            contribution.tokens());
    over.send(
            header,
            repeated,
            from -> Flux.fromIterable(contribution.parts()).skip(from).map(EncodedPart::toChunk))
        .subscribe(acknowledged -> {}, failed -> contributionFailed(header, failed), () -> {});
  }

  private synchronized void contributionFailed(StreamHeader header, Throwable failed) {
    ErrorCode code = Errors.codeOf(failed);
    if (code == ErrorCode.WRONG_VERSION) {
      LOG.warn("this agent's contribution came too late: {}", failed.getMessage());
      pending.remove(new Key(header.fragment(), header.version()));
    } else if (!code.retryable()) {
      fail(failed);
    }
  }

  @Override
  public void stream(Link from, InboundStream stream) {
    StreamHeader header = stream.header();
    if (header.kind() == StreamKind.CONTRIBUTION) {
      stream.reject(ErrorCode.PROTOCOL_VIOLATION, "an agent takes no contributions");
      return;
    }
    if (stream.repeated()) {
      stream.resumeAt(0);
    }
    var parts = new ArrayList<EncodedPart>();
    stream
        .chunks()
        .subscribe(
            chunk -> parts.add(EncodedPart.take(chunk)),
            lost -> LOG.debug("stream {} ended early: {}", header, lost.getMessage()),
            () -> arrived(stream, parts));
  }

  private synchronized void arrived(InboundStream stream, List<EncodedPart> parts) {
    StreamHeader header = stream.header();
    boolean whole = header.kind() == StreamKind.SNAPSHOT;
    var aggregate = new Aggregate(header.fragment(), header.version(), whole, parts);
    if (whole) {
      snapshot.put(header.fragment(), aggregate);
    } else if (header.fragment() < applied.size()
        && header.version() > applied.get(header.fragment())) {
      changes.put(new Key(header.fragment(), header.version()), aggregate);
    }
    stream.acknowledge();
    notifyAll();
  }

  @Override
  public synchronized void disconnected(Link from, Throwable cause) {
    if (link == from) {
      LinkCounters counters = from.counters();
      bytesUp += counters.bytesWritten();
      bytesDown += counters.bytesRead();
      link = null;
    }
    if (!Errors.isRetryable(cause) && !farewell) {
      fail(cause);
    }
    notifyAll();
  }

  @Override
  public synchronized void refused(String address, TributaryException cause) {
    if (!cause.code().retryable()) {
      fail(cause);
    }
  }

  private void fail(Throwable cause) {
    failure =
        cause instanceof TributaryException ours
            ? ours
            : new TributaryException(ErrorCode.INTERNAL, String.valueOf(cause.getMessage()), cause);
    notifyAll();
  }
}
