package io.tributary.coordinator;

import io.tributary.codec.CodecChoice;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.AgentFinish;
import io.tributary.run.AgentProgress;
import io.tributary.run.CodecNotice;
import io.tributary.run.FragmentChecksum;
import io.tributary.run.JoinReply;
import io.tributary.run.JoinRequest;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.RunManifest;
import io.tributary.run.SyncSchedule;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: who takes part, what has arrived, when a version is made, when the run is over.
 *
 * <p>A version of a fragment is made when every participant's contribution is here, or when a
 * quorum is here and no other is waited for any longer ({@link RollCall}). A contribution with
 * values that aren't finite counts towards the quorum as an answer, but not towards the mean; its
 * agent is named with the commit, and training goes on. Which contributions went in is journalled
 * with the commit, so wall-clock time and bad values decide exclusions and nothing else.
 *
 * <p>All methods are called on the run's single thread.
 */
final class Run {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  private final CoordinatorOptions options;
  private final CodecRegistry codecs;
  private final RunStore store;
  private final Consumer<RunEvent> events;
  private final LongSupplier nanos;
  private final RunStage stage;
  private final ChangeSender sender;
  private final Admission admission;
  private final List<Participant> participants = new ArrayList<>();
  private final List<Runnable> afterForce = new ArrayList<>();
  private @Nullable SyncSchedule schedule;
  private @Nullable RollCall rollCall;
  private @Nullable StallWatch stalls;
  private boolean over;

  /**
   * A run in a store, which may hold one already.
   *
   * @param thread brings work to the run's thread
   * @param nanos the time, which decides who is waited for no longer
   * @param stage is told what this thread does
   */
  Run(
      CoordinatorOptions options,
      CodecRegistry codecs,
      RunStore store,
      Executor thread,
      Consumer<RunEvent> events,
      LongSupplier nanos,
      RunStage stage) {
    this.options = options;
    this.codecs = codecs;
    this.store = store;
    this.events = event -> stage.run("telling of an event", () -> events.accept(event));
    this.nanos = nanos;
    this.stage = stage;
    sender = new ChangeSender(store, codecs, thread);
    admission = new Admission(store, sender);
    RunManifest manifest = store.manifest();
    if (manifest != null) {
      begin(manifest);
      this.events.accept(RunEvent.Began.of(manifest, store.committed()));
      LOG.info("going on with run {}: versions {}", manifest.run(), store.committed());
      List<String> differences = options.differencesFrom(manifest);
      if (!differences.isEmpty()) {
        LOG.warn(
            "a run that goes on keeps its settings; without effect: {}",
            String.join(", ", differences));
      }
      if (store.isFinished()) {
        LOG.info(
            "this run is over: agents that don't know it yet may take {} to come; another data folder"
                + " begins another run",
            participants.get(0).allowed());
      }
    }
  }

  private void begin(RunManifest manifest) {
    schedule = manifest.schedule();
    CodecPolicy.parse(manifest.codecUp(), codecs);
    long now = nanos.getAsLong();
    for (int i = 0; i < manifest.participants(); i++) {
      String member = i < store.members().size() ? store.members().get(i) : null;
      participants.add(new Participant(i, member, options.patience(), now));
    }
    stalls = new StallWatch(participants, store, manifest.schedule(), now);
    rollCall =
        new RollCall(
            participants,
            manifest.quorum(),
            new RoundDeadline(options.patience(), manifest.fragmentMap().size()));
  }

  /** Whether every fragment is at its last version and everybody has confirmed it. */
  boolean over() {
    return over;
  }

  /** An agent's first message. Answers it, or refuses it with an error that ends the connection. */
  void join(Link link, JoinRequest request) {
    if (participantOf(link) != null) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "expected only one JOIN on a connection, found another of " + request.agent());
    }
    RunManifest manifest = store.manifest();
    if (manifest == null) {
      String run = UUID.randomUUID().toString().replace("-", "");
      manifest = Admission.newRun(options, run, request);
      admission.check(link.peer(), request, manifest, false);
      begin(manifest);
      RunManifest first = manifest;
      stage.run("writing the run's first state", () -> store.begin(first));
      events.accept(RunEvent.Began.of(manifest, store.committed()));
      LOG.info(
          "run {} begins: {} parameters in {} fragments",
          run,
          manifest.schema().parameters(),
          store.fragments().size());
    } else {
      admission.check(link.peer(), request, manifest, true);
    }
    Participant participant = place(request.agent(), manifest);
    Link former = participant.link();
    participant.connected(request.agent(), link, request.startMillis(), nanos.getAsLong());
    if (former != null) {
      sender.forget(former);
      former.fail(
          ErrorCode.PROTOCOL_VIOLATION,
          "another agent named " + request.agent() + " has joined in this one's place");
    }
    boolean snapshot = lacksChanges(request);
    stage.run(RunStage.FORCING, store::force); // the reply says what is held durably
    var reply =
        new JoinReply(
            manifest,
            participant.index(),
            snapshot,
            store.committed(),
            received(participant.index()));
    link.message(MessageKind.WELCOME.number(), RunDocuments.toBytes(reply));
    long present = participants.stream().filter(p -> p.link() != null).count();
    events.accept(
        new RunEvent.Joined(
            participant.index(), request.agent(), (int) present, manifest.participants()));
    String early = request.early();
    if (snapshot && early != null) {
      for (int f = 0; f < store.fragments().size(); f++) {
        sender.sendOutline(link, f, CodecChoice.parse(early));
      }
    }
    bringUpToDate(link, request, snapshot);
  }

  private Participant place(String agent, RunManifest manifest) {
    int index = store.members().indexOf(agent);
    if (index < 0) {
      if (store.members().size() == manifest.participants()) {
        throw new TributaryException(
            ErrorCode.RUN_FULL,
            "agent "
                + agent
                + ": expected one of "
                + store.members()
                + ", since all "
                + manifest.participants()
                + " places of the run are taken");
      }
      index = store.addMember(agent);
    }
    return participants.get(index);
  }

  private boolean lacksChanges(JoinRequest request) {
    List<Integer> committed = store.committed();
    for (int f = 0; f < committed.size(); f++) {
      int from = request.applied().isEmpty() ? 0 : request.applied().get(f);
      if (from < committed.get(f)
          && (request.applied().isEmpty() || !store.hasChanges(f, from + 1))) {
        return true;
      }
    }
    return false;
  }

  private List<Integer> received(int participant) {
    var versions = new ArrayList<Integer>();
    for (int f = 0; f < store.fragments().size(); f++) {
      Contribution contribution = store.round(f).get(participant);
      boolean whole = contribution != null && contribution.isComplete();
      versions.add(store.committed(f) + (whole ? 1 : 0));
    }
    return versions;
  }

  private void bringUpToDate(Link link, JoinRequest request, boolean snapshot) {
    for (int f = 0; f < store.fragments().size(); f++) {
      if (snapshot) {
        sender.sendSnapshot(link, f);
      } else {
        for (int v = request.applied().isEmpty() ? 1 : request.applied().get(f) + 1;
            v <= store.committed(f);
            v++) {
          sender.sendChange(link, f, v);
        }
      }
    }
  }

  /** A stream that an agent opens: a contribution. */
  void stream(Link link, InboundStream stream, ContributionIntake intake) {
    StreamHeader header = stream.header();
    Participant participant = participantOf(link);
    int fragment = header.fragment();
    if (participant == null
        || header.kind() != StreamKind.CONTRIBUTION
        || header.participant() != participant.index()) {
      stream.reject(
          ErrorCode.PROTOCOL_VIOLATION,
          "expected a contribution of the agent that joined here, found " + header);
      return;
    }
    if (fragment < 0
        || fragment >= store.fragments().size()
        || header.version() != store.committed(fragment) + 1) {
      stream.reject(
          ErrorCode.WRONG_VERSION,
          "fragment "
              + fragment
              + (fragment < 0 || fragment >= store.fragments().size()
                  ? ": expected one of " + store.fragments().size()
                  : ", now at version "
                      + store.committed(fragment)
                      + ": expected version "
                      + (store.committed(fragment) + 1)
                      + ", found "
                      + header.version()));
      return;
    }
    participant.received(nanos.getAsLong());
    Contribution contribution = store.round(fragment).get(participant.index());
    if (contribution != null && contribution.isComplete()) {
      afterForce.add(stream::acknowledge); // its end may have been appended a moment ago
      return;
    }
    if (contribution != null && stream.repeated()) {
      stream.resumeAt(contribution.chunks().size());
    } else {
      contribution = store.beginContribution(participant.index(), fragment);
      if (stream.repeated()) {
        stream.resumeAt(0);
      }
    }
    intake.receive(stream, participant, contribution);
  }

  /**
   * A contribution's last chunk is journalled: acknowledges it after the next force, and makes the
   * version if it can be made.
   */
  void contributed(InboundStream stream, Contribution contribution) {
    StreamHeader header = stream.header();
    var end =
        new RunRecord.Contribution(
            header.participant(),
            header.fragment(),
            header.version(),
            contribution.chunks().size(),
            header.tokens());
    stage.run(RunStage.JOURNALLING, () -> store.end(contribution, end));
    events.accept(
        new RunEvent.Contributed(header.participant(), header.fragment(), header.version()));
    afterForce.add(stream::acknowledge);
    afterForce.add(() -> makeIfDue(header.fragment()));
  }

  /**
   * A contribution has values that aren't finite: its version is made without it, as soon as it can
   * be made.
   *
   * @param reason which value of which tensor
   * @throws TributaryException {@code NON_FINITE} if no agent of the run has anything else to bring
   */
  void refusedValues(StreamHeader header, String reason) {
    int fragment = header.fragment();
    Contribution contribution = store.round(fragment).get(header.participant());
    if (contribution != null && header.version() == store.committed(fragment) + 1) {
      contribution.refuse(reason);
      makeIfDue(fragment);
    }
  }

  /** Whether somebody waits for a force. */
  boolean wantsForce() {
    return !afterForce.isEmpty();
  }

  /**
   * Forces what has been appended since the last call and then says so to those who wait for it:
   * one force for many.
   */
  void forceAndAcknowledge() {
    if (afterForce.isEmpty()) {
      return;
    }
    stage.run(RunStage.FORCING, store::force);
    List<Runnable> due = List.copyOf(afterForce);
    afterForce.clear();
    due.forEach(Runnable::run);
  }

  private void makeIfDue(int fragment) {
    RollCall call = rollCall;
    SyncSchedule plan = schedule;
    if (call == null || plan == null || store.committed(fragment) == plan.lastVersion(fragment)) {
      return;
    }
    RollCall.Roll roll = call.of(fragment, store.round(fragment), nanos.getAsLong());
    if (roll.waits()) {
      return;
    }
    if (roll.refused() == participants.size()) {
      throw new TributaryException(
          ErrorCode.NON_FINITE,
          "fragment "
              + fragment
              + ", version "
              + (store.committed(fragment) + 1)
              + ": expected a finite contribution of at least one agent, found none; lower the"
              + " learning rates. "
              + String.join("; ", roll.exclusions()));
    }
    if (call.isQuorum(roll)) {
      make(call, fragment, roll.present(), roll.exclusions());
    }
  }

  private void make(RollCall call, int fragment, List<Integer> present, List<String> exclusions) {
    long started = System.nanoTime();
    long bytesIn =
        present.stream()
            .flatMap(p -> Objects.requireNonNull(store.round(fragment).get(p)).chunks().stream())
            .mapToLong(c -> c.payload().length())
            .sum();
    RunRecord.Commit commit =
        stage.get(
            "writing version " + (store.committed(fragment) + 1) + " of fragment " + fragment,
            () -> store.commit(fragment, present, exclusions));
    long now = nanos.getAsLong();
    call.made(fragment, present, now);
    Objects.requireNonNull(stalls).made(now);
    long bytesOut =
        store.change(fragment, commit.version()).stream().mapToLong(p -> p.bytes().length).sum();
    for (Participant participant : participants) {
      Link link = participant.link();
      if (link != null) {
        sender.sendChange(link, fragment, commit.version());
      }
    }
    for (String exclusion : commit.exclusions()) {
      LOG.warn("fragment {} version {} was made without {}", fragment, commit.version(), exclusion);
    }
    long millis = (System.nanoTime() - started) / 1_000_000;
    events.accept(
        new RunEvent.Committed(
            fragment,
            commit.version(),
            HexFormat.of().toHexDigits(commit.checksum()),
            commit.participants(),
            commit.exclusions(),
            bytesIn,
            bytesOut,
            millis));
  }

  /** Time has passed: makes the versions whose missing contributors have exhausted the patience. */
  void tick() {
    if (store.manifest() == null || over) {
      return;
    }
    Objects.requireNonNull(stalls).hearWhoSends(nanos.getAsLong());
    for (int f = 0; f < store.fragments().size(); f++) {
      makeIfDue(f);
    }
    finishIfDone();
    for (RunEvent.Waiting waiting : stalls.look(nanos.getAsLong())) {
      LOG.info(
          "version {} of fragment {} waits for {}",
          waiting.version(),
          waiting.fragment(),
          String.join("; ", waiting.agents()));
      events.accept(waiting);
    }
  }

  /** An agent's checksum of a version that it has applied. */
  void checksum(Link link, FragmentChecksum found) {
    Participant participant = heardFrom(link);
    if (participant == null
        || found.fragment() < 0
        || found.fragment() >= store.fragments().size()) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION, "checksum of an unknown fragment: " + found);
    }
    Integer expected = store.checksum(found.fragment(), found.version());
    if (expected != null && expected != found.crc32c()) {
      throw new TributaryException(
          ErrorCode.DIVERGED,
          "outer parameters of "
              + participant.name()
              + " differ: fragment "
              + found.fragment()
              + ", version "
              + found.version()
              + ", expected checksum "
              + HexFormat.of().toHexDigits(expected)
              + ", found "
              + HexFormat.of().toHexDigits(found.crc32c()));
    }
  }

  /** An agent's progress. */
  void progress(Link link, AgentProgress progress) {
    Participant participant = heardFrom(link);
    if (participant != null) {
      events.accept(
          new RunEvent.Progressed(
              participant.index(),
              participant.name(),
              progress.step(),
              progress.loss(),
              progress.bytesUp(),
              progress.bytesDown()));
    }
  }

  /** An agent's worker waits for a version. */
  void waits(Link link) {
    Participant participant = participantOf(link);
    if (participant != null) {
      participant.waits(nanos.getAsLong());
    }
  }

  /** An agent sends its contributions in another codec from now on. */
  void codec(Link link, CodecNotice notice) {
    Participant participant = heardFrom(link);
    if (participant != null) {
      LOG.info("{} sends {}: {}", participant.name(), notice.codec(), notice.reason());
      events.accept(RunEvent.CodecChosen.of(participant.index(), participant.name(), notice));
    }
  }

  /** An agent has applied the last version of everything. */
  void finished(Link link, AgentFinish finish) {
    Participant participant = heardFrom(link);
    if (participant == null || !atEnd()) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION, "FINISHED before the last version was made");
    }
    String expected = store.theta().fingerprint();
    if (!expected.equals(finish.fingerprint())) {
      throw new TributaryException(
          ErrorCode.DIVERGED,
          "outer parameters of "
              + participant.name()
              + " differ at the end: expected "
              + expected
              + ", found "
              + finish.fingerprint());
    }
    participant.finish();
    if (over) {
      dismiss(participant); // it came while the others were leaving
    }
    finishIfDone();
  }

  private boolean atEnd() {
    SyncSchedule plan = schedule;
    if (plan == null) {
      return false;
    }
    for (int f = 0; f < store.fragments().size(); f++) {
      if (store.committed(f) < plan.lastVersion(f)) {
        return false;
      }
    }
    return true;
  }

  private void finishIfDone() {
    RunManifest manifest = store.manifest();
    if (over || manifest == null || !atEnd()) {
      return;
    }
    long now = nanos.getAsLong();
    int confirmed = 0;
    for (Participant participant : participants) {
      confirmed += participant.finished() ? 1 : 0;
      boolean lapsed = participant.lapsedBecause(now) != null;
      // Who has confirmed must still hear that all have; who hasn't is waited for as rounds are.
      boolean mayBeLeft = lapsed && (participant.finished() || mayFinishWithout(manifest));
      if (!(participant.finished() && participant.link() != null) && !mayBeLeft) {
        return;
      }
    }
    if (confirmed < manifest.quorum() && !store.isFinished()) {
      return;
    }
    String fingerprint = store.theta().fingerprint();
    if (!store.isFinished()) {
      store.finish(fingerprint);
    }
    over = true;
    participants.forEach(Run::dismiss);
    List<Integer> exchanges = store.committed();
    int rounds = exchanges.stream().mapToInt(Integer::intValue).sum();
    events.accept(new RunEvent.Finished(fingerprint, rounds, exchanges));
  }

  private boolean mayFinishWithout(RunManifest manifest) {
    return manifest.quorum() < manifest.participants() || store.isFinished();
  }

  private static void dismiss(Participant participant) {
    Link link = participant.link();
    if (link != null) {
      link.message(MessageKind.FAREWELL.number(), new byte[0]);
    }
  }

  /** A connection ended. */
  void disconnected(Link link, Throwable cause) {
    sender.forget(link);
    Participant participant = participantOf(link);
    if (participant != null) {
      participant.disconnected();
      events.accept(
          new RunEvent.Left(
              participant.index(), participant.name(), String.valueOf(cause.getMessage())));
    }
  }

  private @Nullable Participant heardFrom(Link link) {
    Participant participant = participantOf(link);
    if (participant != null) {
      participant.worked(nanos.getAsLong());
    }
    return participant;
  }

  private @Nullable Participant participantOf(Link link) {
    return participants.stream().filter(p -> p.link() == link).findFirst().orElse(null);
  }
}
