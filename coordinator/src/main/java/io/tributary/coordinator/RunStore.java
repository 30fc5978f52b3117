package io.tributary.coordinator;

import io.netty.buffer.ByteBuf;
import io.tributary.codec.CodecRegistry;
import io.tributary.coordinator.guard.Guard;
import io.tributary.coordinator.journal.RunJournal;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.coordinator.outer.FragmentFiles;
import io.tributary.coordinator.outer.FragmentOuterStep;
import io.tributary.coordinator.outer.MappedValues;
import io.tributary.coordinator.outer.WeightedContribution;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.run.EncodedPart;
import io.tributary.run.Fragment;
import io.tributary.run.FragmentMap;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunManifest;
import io.tributary.run.TensorValues;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorSpec;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that a run must not lose, in memory and on disk: journal, fragment files, and what follows
 * from them. A store that is opened again holds what it held when its last acknowledgement or
 * commit was given.
 *
 * <p>Confined to the run's thread.
 */
final class RunStore implements Closeable {
  /** The most versions of a fragment that a start makes again. */
  private static final int MOST_UNSAVED = 8;

  /** Outer parameters and momentum may each take one part in so many of the heap. */
  private static final int SHARE_OF_HEAP = 8;

  /** The contributions to one version of one fragment, by participant. */
  record RoundKey(int fragment, int version) {}

  private final Path folder;
  private final boolean durable;
  private final CodecRegistry codecs;
  private final RunJournal journal;
  private final ChronicleRunIndex index;
  private final Map<RoundKey, Map<Integer, Contribution>> rounds = new HashMap<>();
  private final List<String> members = new ArrayList<>();
  private final Map<RoundKey, Integer> checksums = new HashMap<>();
  private final List<RunRecord.Commit> commits = new ArrayList<>();
  private final HeldChunks held = new HeldChunks(CoordinatorSettings.JOURNAL_HELD_BYTES.get());
  private final UnsavedVersions unsaved = new UnsavedVersions();
  private int[] committed = new int[0];
  private boolean finished;

  /** The change read or made last: all agents are sent it at about the same time. */
  private List<EncodedPart> latest = List.of();

  private @Nullable RoundKey latestKey;
  private @Nullable RunManifest manifest;
  private @Nullable FragmentMap fragments;
  private @Nullable FragmentFiles files;
  private @Nullable FragmentOuterStep outerStep;
  private @Nullable OuterParameters theta;

  /** Where the journal of a run lies whose data are in a folder. */
  static Path journalIn(Path folder) {
    return folder.resolve("journal");
  }

  private RunStore(
      Path folder,
      long segmentBytes,
      boolean durable,
      CodecRegistry codecs,
      Consumer<RunRecord> appended) {
    this.folder = folder;
    this.durable = durable;
    this.codecs = codecs;
    journal = RunJournal.open(journalIn(folder), segmentBytes, durable, this::replay, appended);
    try {
      if (manifest != null) {
        loadFragments();
      }
      index = ChronicleRunIndex.create(folder.resolve("index"));
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
    index.fill(manifest, members);
  }

  /** Opens the store in a folder, creating it if absent. */
  static RunStore open(Path folder, long segmentBytes, CodecRegistry codecs) {
    return open(folder, segmentBytes, true, codecs, record -> {});
  }

  /**
   * The same, perhaps without durability: "durable" then means in files, on no device yet.
   *
   * @param appended hears of each record of the journal before anything follows from it
   */
  static RunStore open(
      Path folder,
      long segmentBytes,
      boolean durable,
      CodecRegistry codecs,
      Consumer<RunRecord> appended) {
    return new RunStore(folder, segmentBytes, durable, codecs, appended);
  }

  /** The run, or null as long as none has begun here. */
  @Nullable RunManifest manifest() {
    return manifest;
  }

  /** Begins a run; the folder holds none yet. */
  void begin(RunManifest newManifest) {
    apply(new RunRecord.Snapshot(newManifest, List.of(), zeros(newManifest), zeros(newManifest)));
    loadFragments();
    journal.append(head());
    journal.force();
    index.fill(newManifest, members);
  }

  private static List<Integer> zeros(RunManifest manifest) {
    return Collections.nCopies(manifest.fragmentMap().size(), 0);
  }

  /** The names of the participants by index. */
  List<String> members() {
    return Collections.unmodifiableList(members);
  }

  /** Gives the next place to an agent; durable on return. */
  int addMember(String agent) {
    var member = new RunRecord.Member(members.size(), agent);
    journal.append(member);
    journal.force();
    members.add(agent);
    index.putMember(member);
    return member.participant();
  }

  /** The fragments of the run. */
  FragmentMap fragments() {
    return begun(fragments);
  }

  /** The outer parameters. */
  OuterParameters theta() {
    return begun(theta);
  }

  /** The committed version of a fragment. */
  int committed(int fragment) {
    return committed[fragment];
  }

  /** The committed versions of all fragments. */
  List<Integer> committed() {
    return Arrays.stream(committed).boxed().toList();
  }

  /** The checksum of a fragment at one of its latest versions, or null if it is no longer kept. */
  @Nullable Integer checksum(int fragment, int version) {
    return checksums.get(new RoundKey(fragment, version));
  }

  /** The commits since the oldest segment that is kept, in order. */
  List<RunRecord.Commit> commits() {
    return Collections.unmodifiableList(commits);
  }

  /** The contributions to the next version of a fragment, by participant. */
  Map<Integer, Contribution> round(int fragment) {
    return rounds.computeIfAbsent(
        new RoundKey(fragment, committed[fragment] + 1), k -> new HashMap<>());
  }

  /** Begins, or begins anew, a participant's contribution to the next version of a fragment. */
  Contribution beginContribution(int participant, int fragment) {
    var contribution = contribution(participant, fragment);
    Contribution former = round(fragment).put(participant, contribution);
    if (former != null) {
      former.giveUp();
      held.forget(former.chunks());
    }
    return contribution;
  }

  private Contribution contribution(int participant, int fragment) {
    return new Contribution(members.get(participant), fragments().fragment(fragment));
  }

  /**
   * Appends a chunk that its contribution expects; durable after {@link #force}.
   *
   * @param arrived its encoded bytes where they came in, from which they are written
   * @param encoded the same on the heap, retained as long as they are held for the next version
   */
  void append(Contribution contribution, RunRecord.Chunk chunk, ByteBuf arrived, ByteBuf encoded) {
    RunRecord.Chunk placed = journal.append(chunk, arrived.nioBuffers());
    contribution.add(placed);
    held.hold(placed, encoded);
  }

  private ByteBuffer encoded(RunRecord.Chunk chunk) {
    ByteBuf bytes = held.of(chunk);
    return bytes == null ? journal.encoded(chunk) : bytes.nioBuffer();
  }

  /** Appends the end of a contribution; durable after {@link #force}. */
  void end(Contribution contribution, RunRecord.Contribution record) {
    journal.append(record);
    contribution.complete(record.tokens());
  }

  /** Notes that the run is over; durable on return. */
  void finish(String fingerprint) {
    var end = new RunRecord.End(fingerprint);
    journal.append(end);
    journal.force();
    finished = true;
  }

  /** Whether the run was over once already, here or in an earlier process. */
  boolean isFinished() {
    return finished;
  }

  /** Returns when everything appended is durable. */
  void force() {
    journal.force();
  }

  /**
   * Makes the next version of a fragment out of the contributions of {@code participants}, but for
   * those that the run's guard leaves out; durable on return.
   *
   * @param exclusions who is left out already, and why
   * @return the commit, with all who are left out
   */
  RunRecord.Commit commit(int fragment, List<Integer> participants, List<String> exclusions) {
    Fragment made = fragments().fragment(fragment);
    Map<Integer, Contribution> round = round(fragment);
    FragmentOuterStep step = begun(outerStep);
    FragmentFiles target = begun(files);
    int version = committed[fragment] + 1;
    var taken = new ArrayList<Integer>(participants);
    var leftOut = new ArrayList<String>(exclusions);
    List<WeightedContribution> inputs = guarded(made, round, taken, leftOut);
    FragmentOuterStep.Made next = step.make(made, version, inputs, this::encoded);
    target.writeChange(fragment, version, next.parts());
    latest = next.parts();
    latestKey = new RoundKey(fragment, version);
    boolean saves = savesState(made, version, inputs);
    if (saves) {
      target.writeState(made, version, out -> step.save(made, out));
    }
    var commit = new RunRecord.Commit(fragment, version, next.checksum(), taken, leftOut);
    journal.append(commit);
    journal.force();
    apply(commit);
    if (saves) {
      unsaved.saved(fragment, version);
      target.dropStatesBefore(fragment, version);
    }
    target.dropOldChanges(fragment, version);
    dropOldSegments();
    return commit;
  }

  /**
   * Whether the state of a version is to be written: when what would have to be made again after a
   * restart has come to weigh as much as the state itself. What a guard has decided isn't in the
   * journal, so under one each state is.
   */
  private boolean savesState(Fragment fragment, int version, List<WeightedContribution> inputs) {
    RunManifest run = begun(manifest);
    List<UnsavedVersions.Made> before = unsaved.of(fragment.index());
    long added =
        inputs.stream()
            .flatMap(input -> input.chunks().stream())
            .mapToLong(chunk -> chunk.payload().length())
            .sum();
    long stateBytes = 2L * Float.BYTES * fragment.elements();
    return before.size() + 1 >= MOST_UNSAVED
        || unsaved.bytes(fragment.index()) + added >= stateBytes
        || version == run.schedule().lastVersion(fragment.index())
        || Guard.parse(run.guard()).isOn();
  }

  /**
   * The contributions that the guard takes, the only ones that stay in {@code participants}. Under
   * a guard what agents say of their weight doesn't count.
   */
  private List<WeightedContribution> guarded(
      Fragment fragment,
      Map<Integer, Contribution> round,
      List<Integer> participants,
      List<String> exclusions) {
    List<WeightedContribution> inputs = participants.stream().map(p -> wholeOf(round, p)).toList();
    Guard guard = Guard.parse(begun(manifest).guard());
    if (!guard.isOn()) {
      return inputs;
    }
    Guard.Verdict verdict =
        guard.judge(
            fragment,
            inputs.stream().map(WeightedContribution::chunks).toList(),
            codecs,
            this::encoded);
    for (Guard.Exclusion exclusion : verdict.exclusions()) {
      exclusions.add(members.get(participants.get(exclusion.index())) + ": " + exclusion.reason());
    }
    var taken = new ArrayList<WeightedContribution>();
    var takenParticipants = new ArrayList<Integer>();
    for (int i = 0; i < inputs.size(); i++) {
      if (verdict.takes(i)) {
        taken.add(new WeightedContribution(1, verdict.scales()[i], inputs.get(i).chunks()));
        takenParticipants.add(participants.get(i));
      }
    }
    participants.clear();
    participants.addAll(takenParticipants);
    return taken;
  }

  private static boolean isWhole(@Nullable Contribution contribution) {
    return contribution != null && contribution.isComplete();
  }

  private static WeightedContribution wholeOf(Map<Integer, Contribution> round, int participant) {
    Contribution contribution = round.get(participant);
    if (contribution == null || !contribution.isComplete()) {
      throw new IllegalStateException("participant " + participant + " has not contributed");
    }
    return new WeightedContribution(contribution.tokens(), contribution.chunks());
  }

  /**
   * The encoded change that leads to a version; one of those that {@link #hasChanges} vouches for.
   */
  List<EncodedPart> change(int fragment, int version) {
    var wanted = new RoundKey(fragment, version);
    if (!wanted.equals(latestKey)) {
      latest = begun(files).readChange(fragment, version);
      latestKey = wanted;
    }
    return latest;
  }

  /** Whether the change that leads to a version is kept. */
  boolean hasChange(int fragment, int version) {
    return begun(files).hasChange(fragment, version);
  }

  /** Whether the changes from a version to the committed one are all kept. */
  boolean hasChanges(int fragment, int from) {
    for (int version = from; version <= committed[fragment]; version++) {
      if (!hasChange(fragment, version)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    held.clear();
    journal.close();
    index.close();
  }

  private void replay(RunRecord record) {
    if (record instanceof RunRecord.Snapshot snapshot) {
      apply(snapshot);
    } else if (manifest == null) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "journal in " + folder + ": expected a snapshot as its first record, found " + record);
    } else if (record instanceof RunRecord.Member member) {
      members.add(member.agent());
    } else if (record instanceof RunRecord.Chunk chunk) {
      replay(chunk);
    } else if (record instanceof RunRecord.Contribution end) {
      Contribution contribution =
          isNext(end.fragment(), end.version())
              ? round(end.fragment()).get(end.participant())
              : null;
      if (contribution != null && contribution.covered()) {
        contribution.complete(end.tokens());
      }
    } else if (record instanceof RunRecord.Commit commit) {
      apply(commit);
    } else if (record instanceof RunRecord.End) {
      finished = true;
    }
  }

  private boolean isNext(int fragment, int version) {
    return version == committed[fragment] + 1;
  }

  private void replay(RunRecord.Chunk chunk) {
    if (!isNext(chunk.fragment(), chunk.version())) {
      return; // it came too late: the version had been made without it
    }
    Map<Integer, Contribution> round = round(chunk.fragment());
    Contribution contribution = round.get(chunk.participant());
    if (contribution == null || chunk.index() == 0) {
      // A contribution that began anew: what came of it before doesn't count.
      contribution = contribution(chunk.participant(), chunk.fragment());
      round.put(chunk.participant(), contribution);
    }
    contribution.add(chunk);
  }

  private void apply(RunRecord.Snapshot snapshot) {
    manifest = snapshot.manifest();
    fragments = snapshot.manifest().fragmentMap();
    members.clear();
    members.addAll(snapshot.members());
    committed = snapshot.committed().stream().mapToInt(Integer::intValue).toArray();
    for (int f = 0; f < committed.length; f++) {
      checksums.put(new RoundKey(f, committed[f]), snapshot.checksums().get(f));
    }
  }

  private void apply(RunRecord.Commit commit) {
    committed[commit.fragment()] = commit.version();
    checksums.put(new RoundKey(commit.fragment(), commit.version()), commit.checksum());
    checksums.remove(new RoundKey(commit.fragment(), commit.version() - 2));
    Map<Integer, Contribution> round =
        rounds.remove(new RoundKey(commit.fragment(), commit.version()));
    if (round != null) {
      round.values().forEach(Contribution::close);
      round.values().forEach(contribution -> held.forget(contribution.chunks()));
      noteUnsaved(commit, round);
    }
    commits.add(commit);
  }

  /**
   * What went into a version, unless that lies in segments that are gone because a state holds it.
   */
  private void noteUnsaved(RunRecord.Commit commit, Map<Integer, Contribution> round) {
    if (commit.participants().stream().allMatch(p -> isWhole(round.get(p)))) {
      var inputs = commit.participants().stream().map(p -> wholeOf(round, p)).toList();
      unsaved.add(commit.fragment(), new UnsavedVersions.Made(commit.version(), inputs));
    }
  }

  /** Brings θ, momentum and feedback to the committed versions. */
  private void loadFragments() {
    RunManifest run = begun(manifest);
    var parameters =
        OuterParameters.initial(run.schema(), run.seed(), zeros("theta", lengths(run.schema())));
    var step =
        new FragmentOuterStep(
            run, parameters, zeros("momentum", FragmentOuterStep.lengths(run)), codecs);
    var source = new FragmentFiles(folder.resolve("fragments"), durable);
    for (Fragment fragment : fragments().fragments()) {
      int version = committed[fragment.index()];
      source.dropStatesAfter(fragment.index(), version);
      bringTo(version, fragment, step, source);
      if (version == 0) {
        checksums.put(new RoundKey(fragment.index(), 0), parameters.checksum(fragment));
        continue;
      }
      Integer expected = checksum(fragment.index(), version);
      if (expected == null || expected != parameters.checksum(fragment)) {
        throw new TributaryException(
            ErrorCode.STORAGE,
            "fragment "
                + fragment.index()
                + " in "
                + folder
                + ": the parameters of version "
                + version
                + " don't match the checksum in the journal; restore the folder from a copy");
      }
    }
    theta = parameters;
    outerStep = step;
    files = source;
  }

  /** Zeros on the heap where they take little of it: a model may be larger than the heap. */
  private TensorValues zeros(String what, int[] lengths) {
    long bytes = Arrays.stream(lengths).asLongStream().sum() * Float.BYTES;
    return bytes <= Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP
        ? TensorValues.onHeap(lengths)
        : MappedValues.zeros(folder, what, lengths);
  }

  /** Reads a fragment's last state and makes again what followed. */
  private void bringTo(
      int version, Fragment fragment, FragmentOuterStep step, FragmentFiles source) {
    int saved = source.newestState(fragment.index());
    if (saved > 0) {
      source.readState(fragment, saved, in -> step.restore(fragment, in));
    }
    unsaved.saved(fragment.index(), saved);
    int reached = saved;
    for (UnsavedVersions.Made made : unsaved.of(fragment.index())) {
      if (made.version() == reached + 1) {
        var unused = step.make(fragment, made.version(), made.contributions(), this::encoded);
        reached++;
      }
    }
    if (reached != version) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "fragment "
              + fragment.index()
              + ": expected "
              + source.stateFile(fragment.index(), version)
              + ", or an older state and all that followed in the journal, found versions up to "
              + reached
              + "; restore the folder from a copy");
    }
  }

  private static int[] lengths(ModelSchema schema) {
    return schema.tensors().stream().mapToInt(TensorSpec::elements).toArray();
  }

  /** Lets go of segments whose contributions are all committed. */
  private void dropOldSegments() {
    if (journal.rollIfFull(head())) {
      commits.clear();
    }
    int oldest = unsaved.oldestSegment();
    for (Map<Integer, Contribution> round : rounds.values()) {
      for (Contribution contribution : round.values()) {
        for (RunRecord.Chunk chunk : contribution.chunks()) {
          oldest = Math.min(oldest, chunk.payload().segment());
        }
      }
    }
    journal.dropBefore(oldest);
  }

  private RunRecord.Snapshot head() {
    List<Integer> sums = new ArrayList<>();
    for (int f = 0; f < committed.length; f++) {
      sums.add(checksums.getOrDefault(new RoundKey(f, committed[f]), 0));
    }
    return new RunRecord.Snapshot(begun(manifest), members, committed(), sums);
  }

  private static <T> T begun(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("no run has begun in this folder");
    }
    return part;
  }
}
