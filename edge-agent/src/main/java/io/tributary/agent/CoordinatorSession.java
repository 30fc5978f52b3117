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
import io.tributary.run.AgentProgress;
import io.tributary.run.CodecNotice;
import io.tributary.run.EncodedPart;
import io.tributary.run.JoinReply;
import io.tributary.run.JoinRequest;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.tensor.ModelSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
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
 * they ask for is there or the conversation has failed for good. Nothing but JOIN is sent on a
 * connection before its WELCOME, which says what the coordinator holds. All state is guarded by
 * this object's monitor, which nobody holds while waiting for a socket.
 */
final class CoordinatorSession implements LinkHandler {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorSession.class);
  private static final Duration SAY_AFTER = Duration.ofSeconds(10);

  /** A worker that waits to go on says once a second that it lives. */
  private static final Duration SIGN_EVERY = Duration.ofSeconds(1);

  /** Steps may be faster than a thin link carries news of them. */
  private static final Duration PROGRESS_EVERY = Duration.ofMillis(250);

  /**
   * How often in a row, without anything getting through in between, a network that changes bytes
   * or a peer that is just ending is believed to be why a connection or a stream ended: after that
   * it is a peer that can't be talked to.
   */
  private static final int MOST_TROUBLES = 3;

  /** Contributions under way at once: enough to fill a link while acknowledgements travel. */
  private static final int AT_ONCE = 8;

  private record Key(int version, int fragment) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return version != other.version
          ? Integer.compare(version, other.version)
          : Integer.compare(fragment, other.fragment);
    }
  }

  private final String agent;
  private final ModelSchema schema;
  private final @Nullable String early;
  private final long startMillis;
  private final TreeMap<Key, PendingContribution> pending = new TreeMap<>();
  private final Set<Key> underWay = new HashSet<>();
  private final Set<Key> acknowledged = new HashSet<>();

  /** What may have been sent once already: the coordinator is then asked what it holds of it. */
  private final Set<Key> sentBefore = new HashSet<>();

  private final Map<Key, Aggregate> changes = new HashMap<>();
  private final Map<Integer, Aggregate> snapshot = new HashMap<>();
  private final Map<Integer, Aggregate> outline = new HashMap<>();
  private final Map<Integer, byte[]> checksums = new HashMap<>();
  private List<Integer> applied = List.of();
  private boolean lacksModel; // a snapshot was promised that nobody has taken
  private @Nullable String run;
  private long bytesUp;
  private long bytesDown;
  private long progressAt = System.nanoTime() - PROGRESS_EVERY.toNanos();
  private @Nullable AgentProgress latest;
  private final GoodputMeter goodput = new GoodputMeter();
  private @Nullable CodecNotice codec;
  private int troubles;
  private boolean stopped;
  private boolean farewell;
  private byte @Nullable [] finish;

  /** The connection that there is, welcomed or not. */
  private @Nullable Link link;

  /** The same once its WELCOME is here. */
  private @Nullable Link welcomed;

  private @Nullable JoinReply reply;
  private @Nullable TributaryException failure;

  /**
   * A conversation that isn't connected yet.
   *
   * @param agent the agent's name
   * @param schema its model
   * @param earlier the state of an earlier process, whose pending contributions go on from here;
   *     null for none
   * @param early the codec of a coarse copy that is to come ahead of a snapshot, or null
   * @param startMillis how long this process has run, now that it is ready to connect
   */
  CoordinatorSession(
      String agent,
      ModelSchema schema,
      @Nullable AgentState earlier,
      @Nullable String early,
      long startMillis) {
    this.agent = agent;
    this.schema = schema;
    this.early = early;
    this.startMillis = startMillis;
    if (earlier != null) {
      earlier.pending().forEach(c -> pending.put(keyOf(c), c));
      sentBefore.addAll(pending.keySet());
      bytesUp = earlier.bytesUp();
      bytesDown = earlier.bytesDown();
      run = earlier.run();
      applied = earlier.applied();
    }
  }

  private static Key keyOf(PendingContribution contribution) {
    return new Key(contribution.version(), contribution.fragment());
  }

  // ------------------------------------------------------------------------- the worker's side

  /** Waits until the coordinator has answered JOIN for the first time. */
  synchronized JoinReply awaitReply() {
    await("the coordinator's answer", () -> reply != null);
    return Objects.requireNonNull(reply);
  }

  /**
   * Sends a contribution, now or on the next connection, until it is acknowledged or its aggregate
   * has come.
   */
  synchronized void contribute(PendingContribution contribution) {
    pending.put(keyOf(contribution), contribution);
    sendPending();
  }

  /**
   * Waits for the change that leads to a version.
   *
   * @return the change, or null if a snapshot has come instead, since the coordinator no longer
   *     keeps the change
   */
  synchronized @Nullable Aggregate awaitChange(int fragment, int version) {
    var key = new Key(version, fragment);
    awaitToGoOn(
        "version " + version + " of fragment " + fragment,
        () -> changes.containsKey(key) || snapshotComplete());
    return snapshotComplete() ? null : changes.get(key);
  }

  /** Whether the change that leads to a version is here. */
  synchronized boolean hasChange(int fragment, int version) {
    return changes.containsKey(new Key(version, fragment));
  }

  /**
   * Waits until a coarse copy of every fragment is here, and takes it; empty if the snapshot itself
   * was here first.
   */
  synchronized List<Aggregate> awaitOutline() {
    await("a coarse copy of the model", () -> snapshotComplete() || isComplete(outline));
    List<Aggregate> all = snapshotComplete() ? List.of() : List.copyOf(outline.values());
    outline.clear();
    return all;
  }

  /** Waits until a snapshot of every fragment is here, and takes it. */
  synchronized List<Aggregate> awaitSnapshot() {
    await("the current model", this::snapshotComplete);
    List<Aggregate> all = List.copyOf(snapshot.values());
    snapshot.clear();
    lacksModel = false;
    pending.clear();
    return all;
  }

  /** Whether a snapshot of every fragment has come that nobody has taken. */
  synchronized boolean snapshotComplete() {
    return isComplete(snapshot);
  }

  private boolean isComplete(Map<Integer, Aggregate> copy) {
    return reply != null && !copy.isEmpty() && copy.size() == reply.committed().size();
  }

  /** Forgets versions of a fragment up to one that was applied, and sends its checksum. */
  synchronized void applied(int fragment, int version, byte[] checksum) {
    changes.keySet().removeIf(key -> key.fragment() == fragment && key.version() <= version);
    pending.keySet().removeIf(key -> key.fragment() == fragment && key.version() <= version);
    acknowledged.removeIf(key -> key.fragment() == fragment && key.version() <= version);
    sentBefore.removeIf(key -> key.fragment() == fragment && key.version() <= version);
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

  /** Says how far the worker is, a few times a second; news that nobody hears is not kept. */
  synchronized void progress(AgentProgress progress) {
    latest = progress;
    long now = System.nanoTime();
    if (now - progressAt >= PROGRESS_EVERY.toNanos()) {
      progressAt = now;
      message(MessageKind.PROGRESS, RunDocuments.toBytes(progress));
    }
  }

  /** Says which codec contributions travel in if it is another one than before. */
  synchronized void codec(CodecNotice notice) {
    CodecNotice former = codec;
    if (former == null || !former.codec().equals(notice.codec())) {
      codec = notice;
      LOG.info("contributions travel in {}: {}", notice.codec(), notice.reason());
      message(MessageKind.CODEC, RunDocuments.toBytes(notice));
    }
  }

  /** Bytes a second with which contributions land, 0 as long as none has. */
  synchronized double goodput() {
    return goodput.bytesPerSecond();
  }

  /** Sends a message if there is a connection that takes it. */
  private void message(MessageKind kind, byte[] body) {
    Link open = welcomed;
    if (open == null) {
      return;
    }
    try {
      open.message(kind.number(), body);
    } catch (TributaryException e) {
      // So much waits that this connection won't recover; the next one begins with what counts.
      LOG.warn("the connection is given up: {}", e.getMessage());
      open.close();
    }
  }

  /** Says that everything is applied, on each connection until the coordinator says farewell. */
  synchronized void finish(byte[] message) {
    finish = message;
    AgentProgress last = latest;
    if (last != null) { // the bytes of the last exchange came after the last step
      var whole = new AgentProgress(last.step(), last.loss(), bytesUp(), bytesDown());
      message(MessageKind.PROGRESS, RunDocuments.toBytes(whole));
    }
    message(MessageKind.FINISHED, message);
    awaitToGoOn("the other agents to finish", () -> farewell);
  }

  /** Lets the worker end at its next step or wait, with {@code CANCELLED}. */
  synchronized void stop() {
    stopped = true;
    fail(
        new TributaryException(
            ErrorCode.CANCELLED, "stopped; start it again with the same data folder to go on"));
  }

  /** Whether {@link #stop} was called. */
  synchronized boolean isStopped() {
    return stopped;
  }

  /**
   * Throws what has ended the conversation for good, if anything has: there is no use in training
   * on.
   */
  synchronized void check() {
    if (failure != null) {
      throw failure;
    }
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

  /** Waits for what this agent has done its part for, and says that it does. */
  private void awaitToGoOn(String what, BooleanSupplier here) {
    await(what, () -> message(MessageKind.WAITING, new byte[0]), here);
  }

  /** Waits for what this agent needs before it can contribute; nobody is to wait for it. */
  private void await(String what, BooleanSupplier here) {
    await(what, () -> {}, here);
  }

  private void await(String what, Runnable sign, BooleanSupplier here) {
    long began = System.nanoTime();
    long said = began;
    long signed = began;
    while (!here.getAsBoolean()) {
      check();
      try {
        wait(SIGN_EVERY.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TributaryException(
            ErrorCode.CANCELLED, "interrupted while waiting for " + what, e);
      }
      long now = System.nanoTime();
      if (now - signed >= SIGN_EVERY.toNanos()) {
        signed = now;
        sign.run();
      }
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
    List<Integer> held = lacksModel ? List.of() : applied;
    var join = new JoinRequest(agent, run, held, schema.hash(), schema, early, startMillis);
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
    int fragments = welcome.manifest().fragmentMap().size();
    if (welcome.committed().size() != fragments || welcome.received().size() != fragments) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "WELCOME: expected the versions of " + fragments + " fragments, found " + welcome);
    }
    reply = welcome;
    lacksModel = welcome.snapshot();
    welcomed = from;
    run = welcome.manifest().run();
    snapshot.clear();
    outline.clear();
    if (applied.isEmpty()) {
      applied = Collections.nCopies(fragments, 0);
    }
    underWay.clear();
    goodput.lost();
    acknowledged.clear();
    for (Key key : pending.keySet()) {
      if (key.version() <= welcome.received().get(key.fragment())) {
        acknowledged.add(key);
      }
    }
    sendPending();
    checksums.values().forEach(checksum -> message(MessageKind.CHECKSUM, checksum));
    CodecNotice last = codec;
    if (last != null) {
      message(MessageKind.CODEC, RunDocuments.toBytes(last));
    }
    byte[] end = finish;
    if (end != null) {
      message(MessageKind.FINISHED, end);
    }
  }

  /** Sends what is pending and neither under way nor acknowledged, the oldest versions first. */
  private void sendPending() {
    Link over = welcomed;
    if (over == null) {
      return;
    }
    for (Map.Entry<Key, PendingContribution> next : List.copyOf(pending.entrySet())) {
      if (underWay.size() >= AT_ONCE) {
        return;
      }
      if (!acknowledged.contains(next.getKey()) && underWay.add(next.getKey())) {
        send(over, next.getKey(), next.getValue());
      }
    }
  }

  private void send(Link over, Key key, PendingContribution contribution) {
    var header =
        new StreamHeader(
            StreamKind.CONTRIBUTION,
            contribution.fragment(),
            contribution.version(),
            Objects.requireNonNull(reply).participant(),
            contribution.parts().size(),
            contribution.tokens());
    long bytes = contribution.parts().stream().mapToLong(p -> p.bytes().length).sum();
    goodput.began(System.nanoTime());
    over.send(
            header,
            !sentBefore.add(key),
            from -> Flux.fromIterable(contribution.parts()).skip(from).map(EncodedPart::toChunk))
        .subscribe(
            nothing -> {},
            failed -> contributionFailed(over, key, failed),
            () -> contributionTaken(over, key, bytes));
  }

  private synchronized void contributionTaken(Link over, Key key, long bytes) {
    if (over == welcomed) {
      goodput.landed(bytes, System.nanoTime());
      troubles = 0;
      underWay.remove(key);
      acknowledged.add(key);
      sendPending();
    }
  }

  private synchronized void contributionFailed(Link over, Key key, Throwable failed) {
    if (over != welcomed) {
      return; // whatever it was, the next connection sends it again
    }
    underWay.remove(key);
    goodput.failed(System.nanoTime());
    ErrorCode code = Errors.codeOf(failed);
    if (code == ErrorCode.WRONG_VERSION) {
      LOG.warn("this agent's contribution came too late: {}", failed.getMessage());
      pending.remove(key);
      sendPending();
    } else if (code == ErrorCode.NON_FINITE) {
      // Kept until its version is here: a coordinator that has forgotten it must be told again.
      LOG.warn("this agent's contribution doesn't count: {}", failed.getMessage());
      acknowledged.add(key);
      sendPending();
    } else if (code == ErrorCode.CANCELLED && ++troubles < MOST_TROUBLES) {
      // Given up, not refused, as by a coordinator that can't write any more and is about to end.
      LOG.info("connecting again: {}", failed.getMessage());
      over.close();
    } else if (code != ErrorCode.CONNECTION_LOST && code != ErrorCode.PEER_SILENT) {
      // On a connection that goes on, what was refused once is refused again: waiting is no use.
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
            () -> arrived(from, stream, parts));
  }

  private synchronized void arrived(Link from, InboundStream stream, List<EncodedPart> parts) {
    StreamHeader header = stream.header();
    if (from != welcomed || header.fragment() >= applied.size()) {
      stream.reject(
          ErrorCode.PROTOCOL_VIOLATION,
          "expected versions of " + applied.size() + " fragments after WELCOME, found " + header);
      return;
    }
    troubles = 0;
    boolean exact = header.kind() == StreamKind.SNAPSHOT;
    boolean whole = exact || header.kind() == StreamKind.OUTLINE;
    var aggregate = new Aggregate(header.fragment(), header.version(), whole, parts);
    if (whole) {
      (exact ? snapshot : outline).put(header.fragment(), aggregate);
    } else if (header.version() > applied.get(header.fragment())) {
      changes.put(new Key(header.version(), header.fragment()), aggregate);
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
      welcomed = null;
      underWay.clear();
      goodput.lost();
    }
    if (farewell && finish == null) {
      fail(
          new TributaryException(
              ErrorCode.CANCELLED,
              "the run has ended without this agent, whose last contributions didn't come in time;"
                  + " the coordinator holds the model"));
    } else if (!farewell && !mayPass(Errors.codeOf(cause))) {
      fail(cause);
    }
    notifyAll();
  }

  /**
   * Whether another connection may fare better. Bytes that a network has changed look like a peer
   * that speaks nonsense, and during a TLS handshake like one that isn't trusted.
   */
  private boolean mayPass(ErrorCode code) {
    return switch (code) {
      case MALFORMED, LIMIT_EXCEEDED, NOT_TRUSTED -> ++troubles < MOST_TROUBLES;
      default -> code.retryable();
    };
  }

  @Override
  public synchronized void refused(String address, TributaryException cause) {
    if (!mayPass(cause.code())) {
      fail(cause);
    }
  }

  private void fail(Throwable cause) {
    if (failure == null) {
      failure =
          cause instanceof TributaryException ours
              ? ours
              : new TributaryException(
                  ErrorCode.INTERNAL, String.valueOf(cause.getMessage()), cause);
    }
    notifyAll();
  }
}
