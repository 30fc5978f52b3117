package io.tributary.agent;

import io.tributary.agent.trainer.StepResult;
import io.tributary.agent.trainer.Trainer;
import io.tributary.codec.CodecRegistry;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.flow.DecodeStage;
import io.tributary.run.EncodedPart;
import io.tributary.run.Exchange;
import io.tributary.run.Fragment;
import io.tributary.run.FragmentChecksum;
import io.tributary.run.FragmentMap;
import io.tributary.run.FragmentUpdate;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunManifest;
import io.tributary.run.SyncSchedule;
import io.tributary.run.TensorSlice;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Streaming DiLoCo on one agent (algorithm 2 of Douillard et al., arXiv 2501.18512): inner steps
 * without pause; after some of them a fragment's contribution is cut and sent, and tau steps later,
 * exactly, its aggregate is applied to θ and merged into the local values ({@link FragmentMerge}).
 * Optimizer moments are kept.
 *
 * <p>What happens depends on steps alone, never on time: an aggregate that came early lies still,
 * one that is late is waited for. The exception is a version that a quorum has made before this
 * agent came to cut its contribution: then the steps up to there are left out, since what they
 * would bring comes too late, and the agent catches up by the changes alone.
 *
 * <p>Used by one thread.
 */
final class DilocoWorker implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(DilocoWorker.class);

  /** Chunks on their way to the decoder; they lie in memory anyway. */
  private static final int LOOK_AHEAD = 4;

  /** Hears of each inner step. */
  @FunctionalInterface
  interface StepListener {
    /** Step {@code step} is done. */
    void stepped(int step, StepResult result);
  }

  private final RunManifest manifest;
  private final SyncSchedule schedule;
  private final FragmentMap fragments;
  private final CoordinatorSession session;
  private final Trainer trainer;
  private final AgentStore store;
  private final OuterParameters theta;
  private final ContributionCutter cutter;
  private final CodecController controller;
  private final FragmentMerge merge;

  /**
   * What was cut and whose aggregate isn't applied, by fragment: one at most, since tau is less
   * than H.
   */
  private final TreeMap<Integer, PendingContribution> outstanding = new TreeMap<>();

  private final FeedbackKeeper keeper;
  private final FeedbackMark[] feedback;
  private final int[] applied;
  private final long[] tokensSince;
  private final DecodeStage decoder;
  private int step;

  DilocoWorker(
      RunManifest manifest,
      CoordinatorSession session,
      CodecRegistry codecs,
      Trainer trainer,
      AgentStore store,
      Consumer<CodecController.Choice> choices) {
    this.manifest = manifest;
    this.session = session;
    this.trainer = trainer;
    this.store = store;
    schedule = manifest.schedule();
    fragments = manifest.fragmentMap();
    theta = OuterParameters.initial(manifest.schema(), manifest.seed());
    controller = new CodecController(manifest, codecs, session::goodput, choices);
    cutter = new ContributionCutter(manifest, theta, trainer, codecs, controller);
    merge =
        manifest.eager() > 0
            ? new EagerMerge(
                theta,
                trainer,
                codecs,
                manifest.mixing(),
                manifest.eager() / manifest.participants())
            : new LateMerge(theta, trainer, manifest.mixing());
    decoder = new DecodeStage(codecs::forDecoding, Schedulers.immediate(), LOOK_AHEAD);
    keeper = new FeedbackKeeper(store.folder(), manifest, codecs, cutter.sessions());
    feedback = new FeedbackMark[fragments.size()];
    Arrays.fill(feedback, FeedbackMark.NONE);
    applied = new int[fragments.size()];
    tokensSince = new long[fragments.size()];
  }

  /** Goes on from the stored state. */
  void resume() {
    AgentState state = store.load(theta, trainer);
    step = state.step();
    List<FeedbackMark> marks = keeper.restore(state.feedback());
    for (int f = 0; f < applied.length; f++) {
      applied[f] = state.applied().get(f);
      tokensSince[f] = state.tokens().get(f);
      feedback[f] = marks.get(f);
      if (applied[f] > 0) {
        sendChecksum(f); // a file that changed unnoticed is noticed now, not after the next version
      }
    }
    state.pending().forEach(own -> outstanding.put(own.fragment(), own));
    LOG.info("going on after step {}: versions {}", step, state.applied());
  }

  /** Takes the model as it is now; takes part from the next version of every fragment. */
  void adopt(List<Aggregate> snapshot) {
    for (Aggregate whole : snapshot) {
      take(whole);
      writeOuterToTrainer(fragments.fragment(whole.fragment()));
      sendChecksum(whole.fragment());
    }
    Arrays.fill(tokensSince, 0);
    outstanding.clear();
    step = stepBeforeNextVersions();
    LOG.info("took the current model; going on after step {}", step);
  }

  /**
   * Trains on a coarse copy of the model until the exact one is here, and takes that: what was
   * learnt in between stays, as a change of it. The steps are those since the last exchange of the
   * fragment that is due next, which this agent has missed; it waits when they are done. Nothing is
   * cut before the exact values are here and their checksums sent, so that no contribution goes out
   * ahead of them.
   *
   * @param listener hears of each step
   * @return the bytes after which the coarse copy was there, or -1 if the exact one was faster
   */
  long joinEarly(StepListener listener) {
    List<Aggregate> outline = session.awaitOutline();
    if (outline.isEmpty()) {
      adopt(session.awaitSnapshot());
      return -1;
    }
    long bytes = session.bytesDown();
    outline.forEach(this::take);
    trainUntilExact(listener);
    return bytes;
  }

  /**
   * The same on a copy that is here already, however old: it is taken for the versions that the
   * exact values are of.
   *
   * @param committed the version of each fragment that the coordinator had when this agent joined
   */
  long joinEarly(ModelCopy copy, List<Integer> committed, StepListener listener) {
    if (session.snapshotComplete()) {
      adopt(session.awaitSnapshot());
      return -1;
    }
    copy.readInto(theta);
    for (int f = 0; f < applied.length; f++) {
      applied[f] = committed.get(f);
    }
    long bytes = session.bytesDown();
    trainUntilExact(listener);
    return bytes;
  }

  private void trainUntilExact(StepListener listener) {
    fragments.fragments().forEach(this::writeOuterToTrainer);
    int last = stepBeforeNextVersions();
    step = stepOfLastExchange(last + 1);
    while (step < last && !session.snapshotComplete()) {
      session.check();
      step++;
      train(listener);
    }
    for (Aggregate exact : session.awaitSnapshot()) {
      refine(exact);
      sendChecksum(exact.fragment());
    }
    LOG.info("took the current model after early steps to {}", step);
    step = stepBeforeNextVersions();
  }

  /** The step in which the fragment was sent before that is sent next, in step {@code due}. */
  private int stepOfLastExchange(int due) {
    for (int f = 0; f < applied.length; f++) {
      if (applied[f] < schedule.lastVersion(f)
          && schedule.exchange(f, applied[f] + 1).sendStep() == due) {
        return applied[f] == 0 ? 0 : schedule.exchange(f, applied[f]).sendStep();
      }
    }
    return due - 1;
  }

  /** Sets a fragment's outer parameters. */
  private void take(Aggregate whole) {
    decode(whole, (tensor, first, values, count) -> theta.set(tensor, (int) first, values, count));
    applied[whole.fragment()] = whole.version();
  }

  /** Puts exact values in the place of coarse ones, and moves the local values as far. */
  private void refine(Aggregate exact) {
    List<TensorSlice> slices = fragments.fragment(exact.fragment()).slices();
    List<float[]> coarse = slices.stream().map(slice -> theta.slice(slice).clone()).toList();
    take(exact);
    for (int i = 0; i < slices.size(); i++) {
      TensorSlice slice = slices.get(i);
      float[] outer = theta.tensor(slice.tensor());
      var local = new float[outer.length];
      trainer.read(slice.tensor(), local, 0);
      for (int j = 0; j < slice.count(); j++) {
        int at = slice.first() + j;
        local[at] += outer[at] - coarse.get(i)[j];
      }
      trainer.write(slice.tensor(), local, 0);
    }
  }

  /** The last step after which nothing is due whose version isn't applied. */
  private int stepBeforeNextVersions() {
    int first = schedule.steps() + 1;
    for (int f = 0; f < applied.length; f++) {
      if (applied[f] < schedule.lastVersion(f)) {
        first = Math.min(first, schedule.exchange(f, applied[f] + 1).sendStep());
      }
    }
    return first - 1;
  }

  /**
   * Runs to the end of the schedule. On return θ is the last version of every fragment, and the
   * trainer holds θ.
   */
  void run(StepListener listener) {
    applyCutAt(step);
    while (step < schedule.steps()) {
      session.check();
      if (session.snapshotComplete()) {
        adopt(session.awaitSnapshot());
        continue;
      }
      step++;
      if (leftBehind()) {
        LOG.debug("step {} is left out: the others are beyond it", step);
        pass();
        continue;
      }
      train(listener);
      pass();
    }
    for (Fragment fragment : fragments.fragments()) {
      writeOuterToTrainer(fragment);
    }
  }

  private void train(StepListener listener) {
    long began = System.nanoTime();
    StepResult result = trainer.step(step);
    controller.stepped((System.nanoTime() - began) / 1e9);
    for (int f = 0; f < tokensSince.length; f++) {
      tokensSince[f] += result.tokens();
    }
    listener.stepped(step, result);
  }

  /** What is due after the step, trained or not. */
  private void pass() {
    apply(schedule.arrivingAt(step));
    cutAt(step);
    applyCutAt(step);
  }

  /** Whether the others have made a version before this agent has cut anything for it. */
  private boolean leftBehind() {
    for (int f = 0; f < applied.length; f++) {
      if (isMissed(f)) {
        return true;
      }
    }
    return false;
  }

  private boolean isMissed(int fragment) {
    return !outstanding.containsKey(fragment) && session.hasChange(fragment, applied[fragment] + 1);
  }

  private void cutAt(int now) {
    List<PendingContribution> cut = new ArrayList<>();
    for (Exchange exchange : schedule.sentAt(now)) {
      if (exchange.version() == applied[exchange.fragment()] + 1
          && !isMissed(exchange.fragment())) {
        Fragment fragment = fragments.fragment(exchange.fragment());
        PendingContribution own = cutter.cut(exchange, fragment, tokensSince[fragment.index()]);
        cut.add(own);
        outstanding.put(own.fragment(), own);
        merge.cut(fragment, own);
        tokensSince[fragment.index()] = 0;
        feedback[fragment.index()] = keeper.keep(fragment, exchange.version());
      }
    }
    if (cut.isEmpty()) {
      return;
    }
    keeper.force();
    store.save(
        new AgentState(
            manifest.run(),
            now,
            appliedVersions(),
            List.copyOf(outstanding.values()),
            Arrays.stream(tokensSince).boxed().toList(),
            List.of(feedback),
            session.bytesUp(),
            session.bytesDown()),
        theta,
        trainer);
    keeper.forgetOld(List.of(feedback));
    cut.forEach(session::contribute);
  }

  /** Applies what is due in the very step in which it is cut: without delay, and the flush. */
  private void applyCutAt(int now) {
    apply(schedule.sentAt(now).stream().filter(e -> e.applyStep() == now).toList());
  }

  private void apply(List<Exchange> due) {
    for (Exchange exchange : due) {
      if (exchange.version() != applied[exchange.fragment()] + 1) {
        continue; // a snapshot brought it already
      }
      Aggregate change = session.awaitChange(exchange.fragment(), exchange.version());
      if (change == null) {
        adopt(session.awaitSnapshot());
        return;
      }
      apply(change);
    }
  }

  private void apply(Aggregate change) {
    Fragment fragment = fragments.fragment(change.fragment());
    Runnable merged = merge.applying(fragment, outstanding.remove(fragment.index()));
    var update = new FragmentUpdate(theta, fragment);
    decode(
        change,
        (tensor, first, values, count) -> update.subtract(tensor, (int) first, values, count));
    merged.run();
    applied[fragment.index()] = change.version();
    sendChecksum(fragment.index(), update.checksum());
  }

  private void decode(Aggregate aggregate, DecodeStage.ValueSink sink) {
    List<TensorSlice> members = fragments.fragment(aggregate.fragment()).slices();
    decoder
        .decode(
            Flux.fromIterable(aggregate.parts()).map(EncodedPart::toChunk),
            (tensor, first, values, count) -> {
              if (members.stream().noneMatch(s -> s.covers(tensor, first, count))) {
                throw new TributaryException(
                    ErrorCode.PROTOCOL_VIOLATION,
                    "version "
                        + aggregate.version()
                        + " of fragment "
                        + aggregate.fragment()
                        + ": expected parts of "
                        + members
                        + ", found tensor "
                        + tensor
                        + " from "
                        + first
                        + ", "
                        + count);
              }
              sink.accept(tensor, first, values, count);
            })
        .block();
  }

  private void writeOuterToTrainer(Fragment fragment) {
    for (TensorSlice slice : fragment.slices()) {
      float[] outer = theta.tensor(slice.tensor());
      var local = new float[outer.length];
      trainer.read(slice.tensor(), local, 0);
      System.arraycopy(outer, slice.first(), local, slice.first(), slice.count());
      trainer.write(slice.tensor(), local, 0);
    }
  }

  private void sendChecksum(int fragment) {
    sendChecksum(fragment, theta.checksum(fragments.fragment(fragment)));
  }

  private void sendChecksum(int fragment, int checksum) {
    session.applied(
        fragment,
        applied[fragment],
        new FragmentChecksum(fragment, applied[fragment], checksum).toBytes());
  }

  /** The version of each fragment that is applied. */
  List<Integer> appliedVersions() {
    return Arrays.stream(applied).boxed().toList();
  }

  /** Closes what the codec sessions remember; the state itself is durable already. */
  @Override
  public void close() {
    keeper.close();
  }

  /** Inner steps done. */
  int step() {
    return step;
  }

  /** The outer parameters. */
  OuterParameters theta() {
    return theta;
  }
}
