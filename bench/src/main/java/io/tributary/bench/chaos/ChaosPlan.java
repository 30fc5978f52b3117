package io.tributary.bench.chaos;

import io.tributary.agent.trainer.GptShape;
import io.tributary.bench.diloco.run.LoopbackPlan;
import io.tributary.run.ExchangeInterval;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a run suffers, and what it does meanwhile.
 *
 * @param seed of the run and of its faults
 * @param length how long there are faults
 * @param agents how many
 * @param faults which kinds, at least one
 * @param every the mean time between two faults
 * @param engine the training engine
 * @param stepTime how long an inner step takes among all agents' steps; the engine synthetic waits
 *     until it has
 * @param codec codec policy of both directions
 * @param folder where everything lies
 */
record ChaosPlan(
    long seed,
    Duration length,
    int agents,
    Set<FaultKind> faults,
    Duration every,
    String engine,
    Duration stepTime,
    String codec,
    Path folder) {
  static final GptShape SHAPE = new GptShape(2, 2, 48, 32);
  static final int BATCH = 2;
  static final int HELD_OUT = 4;
  static final double LEARNING_RATE = 0.003;
  static final int WARM_UP = 20;

  private static final int INTERVAL = 24;
  private static final int MOST_STEPS = 100_000_000;
  private static final int FRAGMENTS = 2;
  private static final int DELAY = 3;
  private static final float MIXING = 0.5f;
  private static final String OUTER = "nesterov:0.7,0.9";

  /** Part of the length at its beginning without faults, in which the undisturbed rate shows. */
  private static final double QUIET_SHARE = 0.1;

  private static final Duration LEAST_QUIET = Duration.ofSeconds(4);

  /** Copies the set. */
  ChaosPlan {
    faults = Set.copyOf(faults);
  }

  /** The time without faults at the beginning. */
  Duration quiet() {
    Duration share = Duration.ofNanos((long) (QUIET_SHARE * length.toNanos()));
    return share.compareTo(LEAST_QUIET) > 0 ? share : LEAST_QUIET;
  }

  /** Inner steps: as many as the length holds if nothing disturbs. */
  int steps() {
    return (int) Math.max(4 * INTERVAL, Math.min(MOST_STEPS, length.dividedBy(stepTime)));
  }

  /** A run of the same shape without a disk of its own, which is cut short for its step time. */
  ChaosPlan pilot() {
    return new ChaosPlan(
        seed,
        length,
        agents,
        Set.of(FaultKind.KILL),
        every,
        engine,
        stepTime,
        codec,
        folder.resolve("pilot"));
  }

  /** The same with steps that take another time. */
  ChaosPlan withStepTime(Duration measured) {
    return new ChaosPlan(seed, length, agents, faults, every, engine, measured, codec, folder);
  }

  /** How long a step took if so many versions were made in this time. */
  static Duration stepTime(Duration time, long versions) {
    return time.multipliedBy(FRAGMENTS).dividedBy(Math.max(1, versions) * INTERVAL);
  }

  /** The options of {@code tributary coordinator} that say what the run is. */
  List<String> coordinatorOptions() {
    return List.of(
        "--agents", "" + agents,
        "--seed", "" + seed,
        "--steps", "" + steps(),
        "--h", "" + INTERVAL,
        "--fragments", "" + FRAGMENTS,
        "--tau", "" + DELAY,
        "--alpha", "" + MIXING,
        "--outer", OUTER,
        "--codec", codec);
  }

  /** The options of {@code tributary agent} that say what is trained. */
  List<String> agentOptions() {
    return List.of(
        "--engine", engine,
        "--layers", "" + SHAPE.layers(),
        "--heads", "" + SHAPE.heads(),
        "--width", "" + SHAPE.width(),
        "--context", "" + SHAPE.context(),
        "--batch", "" + BATCH,
        "--heldout", "" + HELD_OUT,
        "--lr", "" + LEARNING_RATE,
        "--warmup", "" + WARM_UP,
        "--text", text().toString());
  }

  /** The same run in one process. */
  LoopbackPlan reference() {
    return new LoopbackPlan(
        agents,
        agents,
        seed,
        steps(),
        ExchangeInterval.fixed(INTERVAL),
        FRAGMENTS,
        DELAY,
        MIXING,
        false,
        OUTER,
        "none",
        codec,
        codec,
        List.of(0L));
  }

  /** What agents train on. */
  Path text() {
    return folder.resolve("text.txt");
  }
}
