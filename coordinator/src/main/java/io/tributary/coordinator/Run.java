package io.tributary.coordinator;

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
import io.tributary.run.FragmentChecksum;
import io.tributary.run.JoinReply;
import io.tributary.run.JoinRequest;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.RunManifest;
import io.tributary.run.RunSettings;
import io.tributary.run.SyncSchedule;
import io.tributary.tensor.ModelSchema;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: who takes part, what has arrived, when a version is made, when the run is over.
 *
 * <p>A version of a fragment is made when every participant's contribution is here, or when a
 * quorum is here and the patience with all others has run out. Which contributions went in is
 * journalled with the commit, so wall-clock time decides exclusions and nothing else.
 *
 * <p>All methods are called on the run's single thread.
 */
final class Run {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  private final CoordinatorOptions options;
  private final CodecRegistry codecs;
  private final RunStore store;
  private final Consumer<RunEvent> events;
  private final ChangeSender sender;
  private final List<Participant> participants = new ArrayList<>();
  private final List<Runnable> afterForce = new ArrayList<>();
  private @Nullable SyncSchedule schedule;
  private boolean over;

  Run(CoordinatorOptions options, CodecRegistry codecs, RunStore store, Consumer<RunEvent> events) {
    this.options = options;
    this.codecs = codecs;
    this.store = store;
    this.events = events;
    sender = new ChangeSender(store, codecs);
    RunManifest manifest = store.manifest();
    if (manifest != null) {
      begin(manifest);
      events.accept(RunEvent.Began.of(manifest, store.committed()));
      LOG.info("going on with run {}: versions {}", manifest.run(), store.committed());
    }
  }

  private void begin(RunManifest manifest) {
    schedule = manifest.schedule();
    CodecPolicy.parse(manifest.codecUp(), codecs);
    long now = System.nanoTime();
    for (int i = 0; i < manifest.participants(); i++) {
      participants.add(new Participant(i, now));
    }
  }

  /** Whether every fragment is at its last version and everybody has confirmed it. */
  boolean over() {
    return over;
  }

  /** An agent's first message. Answers it, or refuses it with an error that ends the connection. */
  void join(Link link, JoinRequest request) {
    ModelSchema schema = request.schema();
    if (!schema.hash().equals(request.schemaHash())) {
      throw new TributaryException(
          ErrorCode.MALFORMED,
          "JOIN of "
              + request.agent()
              + ": expected the schema hash "
              + schema.hash()
              + ", found "
              + request.schemaHash());
    }
    RunManifest manifest = store.manifest();
    if (manifest == null) {
      manifest = open(schema);
    } else if (!manifest.schema().hash().equals(schema.hash())) {
      throw new TributaryException(
          ErrorCode.SCHEMA_MISMATCH,
          "agent "
              + request.agent()
              + " has another model: expected schema "
              + manifest.schema().hash()
              + " with "
              + manifest.schema().parameters()
              + " parameters, found "
              + schema.hash()
              + " with "
              + schema.parameters());
    }
    if (request.run() != null && !request.run().equals(manifest.run())) {
      throw new TributaryException(
          ErrorCode.OTHER_RUN,
          "agent "
              + request.agent()
              + " holds the state of another run: expected "
              + manifest.run()
              + ", found "
              + request.run()
              + "; give it an empty data folder to join this run");
    }
    checkNotAhead(request);
    Participant participant = place(request.agent(), manifest);
    Link former = participant.link();
    participant.connected(request.agent(), link, System.nanoTime());
    if (former != null) {
      former.fail(
          ErrorCode.PROTOCOL_VIOLATION,
          "another agent named " + request.agent() + " has joined in this one's place");
    }
    boolean snapshot = lacksChanges(request);
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
    bringUpToDate(link, request, snapshot);
  }

  private RunManifest open(ModelSchema schema) {
    if (schema.parameters() > RunSettings.MAX_PARAMETERS.get()) {
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "model: expected at most "
              + RunSettings.MAX_PARAMETERS.get()
              + " parameters ("
              + RunSettings.MAX_PARAMETERS.property()
              + "), found "
              + schema.parameters());
    }
    var manifest =
        new RunManifest(
            RunManifest.FORMAT,
            UUID.randomUUID().toString().replace("-", ""),
            options.seed(),
            options.participants(),
            options.quorum(),
            options.steps(),
            options.interval(),
            options.layerFragments(),
            options.delay(),
            options.mixing(),
            options.outerLearningRate(),
            options.outerMomentum(),
            options.codecUp(),
            options.codecDown(),
            schema);
    begin(manifest); // checks schedule, fragments and policies before anything is stored
    store.begin(manifest);
    events.accept(RunEvent.Began.of(manifest, store.committed()));
    LOG.info(
        "run {} begins: {} parameters in {} fragments",
        manifest.run(),
        schema.parameters(),
        store.fragments().size());
    return manifest;
  }

  private void checkNotAhead(JoinRequest request) {
    List<Integer> applied = request.applied();
    if (applied.isEmpty()) {
      return;
    }
    List<Integer> committed = store.committed();
    boolean ahead = applied.size() != committed.size();
    for (int f = 0; !ahead && f < committed.size(); f++) {
      ahead = applied.get(f) < 0 || applied.get(f) > committed.get(f);
    }
    if (ahead) {
      throw new TributaryException(
          ErrorCode.OTHER_RUN,
          "agent "
              + request.agent()
              + " is ahead of this coordinator: expected versions up to "
              + committed
              + ", found "
              + applied
              + "; the coordinator's data folder is older than the agent's");
    }
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
              + ": expected version "
              + (fragment < 0 || fragment >= store.fragments().size()
                  ? "of a known fragment"
                  : store.committed(fragment) + 1)
              + ", found "
              + header.version());
      return;
    }
    participant.heard(System.nanoTime());
    Contribution contribution = store.round(fragment).get(participant.index());
    if (contribution != null && contribution.isComplete()) {
      stream.acknowledge();
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
    store.end(
        contribution,
        new RunRecord.Contribution(
            header.participant(),
            header.fragment(),
            header.version(),
            contribution.chunks().size(),
            header.tokens()));
    events.accept(
        new RunEvent.Contributed(header.participant(), header.fragment(), header.version()));
    afterForce.add(stream::acknowledge);
    afterForce.add(() -> makeIfDue(header.fragment()));
  }

  /**
   * Forces what has been appended since the last call and then says so to those who wait for it:
   * one force for many.
   */
  void forceAndAcknowledge() {
    if (afterForce.isEmpty()) {
      return;
    }
    store.force();
    List<Runnable> due = List.copyOf(afterForce);
    afterForce.clear();
    due.forEach(Runnable::run);
  }

  private void makeIfDue(int fragment) {
    RunManifest manifest = store.manifest();
    if (manifest == null
        || schedule == null
        || store.committed(fragment) == schedule.lastVersion(fragment)) {
      return;
    }
    Map<Integer, Contribution> round = store.round(fragment);
    List<Integer> present = new ArrayList<>();
    List<String> exclusions = new ArrayList<>();
    long now = System.nanoTime();
    for (Participant participant : participants) {
      Contribution contribution = round.get(participant.index());
      if (contribution != null && contribution.isComplete()) {
        present.add(participant.index());
        continue;
      }
      String reason = participant.lapsedBecause(now, options.patience());
      if (reason == null) {
        return;
      }
      exclusions.add(reason);
    }
    if (present.size() >= manifest.quorum()) {
      make(fragment, present, exclusions);
    }
  }

  private void make(int fragment, List<Integer> present, List<String> exclusions) {
    long started = System.nanoTime();
    long bytesIn =
        present.stream()
            .flatMap(
                p ->
                    java.util.Objects.requireNonNull(store.round(fragment).get(p))
                        .chunks()
                        .stream())
            .mapToLong(c -> c.payload().length())
            .sum();
    RunRecord.Commit commit = store.commit(fragment, present, exclusions);
    long bytesOut = 0;
    for (Participant participant : participants) {
      Link link = participant.link();
      if (link != null) {
        bytesOut = sender.sendChange(link, fragment, commit.version());
      }
    }
    for (String exclusion : exclusions) {
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
    for (int f = 0; f < store.fragments().size(); f++) {
      makeIfDue(f);
    }
    finishIfDone();
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
    long now = System.nanoTime();
    int confirmed = 0;
    for (Participant participant : participants) {
      if (participant.finished()) {
        confirmed++;
      } else if (manifest.quorum() == participants.size()
          || participant.lapsedBecause(now, options.patience()) == null) {
        return;
      }
    }
    if (confirmed < manifest.quorum()) {
      return;
    }
    over = true;
    for (Participant participant : participants) {
      Link link = participant.link();
      if (link != null) {
        link.message(MessageKind.FAREWELL.number(), new byte[0]);
      }
    }
    List<Integer> exchanges = store.committed();
    int rounds = exchanges.stream().mapToInt(Integer::intValue).sum();
    events.accept(new RunEvent.Finished(store.theta().fingerprint(), rounds, exchanges));
  }

  /** A connection ended. */
  void disconnected(Link link, Throwable cause) {
    Participant participant = participantOf(link);
    if (participant != null) {
      participant.disconnected(System.nanoTime());
      events.accept(
          new RunEvent.Left(
              participant.index(), participant.name(), String.valueOf(cause.getMessage())));
    }
  }

  private @Nullable Participant heardFrom(Link link) {
    Participant participant = participantOf(link);
    if (participant != null) {
      participant.heard(System.nanoTime());
    }
    return participant;
  }

  private @Nullable Participant participantOf(Link link) {
    return participants.stream().filter(p -> p.link() == link).findFirst().orElse(null);
  }
}
