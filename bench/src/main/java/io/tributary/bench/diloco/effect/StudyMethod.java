package io.tributary.bench.diloco.effect;

import io.tributary.bench.diloco.run.LoopbackPlan;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentMap;
import io.tributary.run.SyncSchedule;

/**
 * One way to train.
 *
 * @param kind what is exchanged at all
 * @param name as tables have it
 * @param codec codec policy both ways, or that of contributions and that of changes with {@value
 *     #UP_AND_DOWN} between them
 * @param interval H
 * @param layerFragments P
 * @param mixing alpha
 * @param outer the outer optimizer
 */
record StudyMethod(
    Kind kind,
    String name,
    String codec,
    ExchangeInterval interval,
    int layerFragments,
    float mixing,
    String outer) {
  static final String LOSSLESS = "raw32";

  /** Stands between two codec policies. */
  static final String UP_AND_DOWN = ";";

  /** What the paper uses at all scales. */
  static final String NESTEROV = "nesterov:0.4,0.9";

  /** No momentum, as SparseLoCo has it: error feedback takes its place. */
  static final String AVERAGE = "average:1";

  private static final int FRAGMENTS = 2;
  private static final int DELAY = 2;
  private static final float MIXING = 0.5f;

  /** What is exchanged, and when it counts. */
  enum Kind {
    /** Nothing: each agent alone. */
    ALONE,
    /** Gradients, every step. */
    DATA_PARALLEL,
    /** Outer gradients, and everybody waits for them. */
    BLOCKING,
    /** Outer gradients that are merged a few steps later. */
    STREAMING,
    /** The same, and only the fragment that is exchanged next trains. */
    FROZEN,
    /** Outer gradients: one's own at once, those of the others a round late. */
    EAGER
  }

  static StudyMethod dataParallel() {
    return new StudyMethod(
        Kind.DATA_PARALLEL, "data-parallel", "bf16", ExchangeInterval.fixed(1), 1, 0, "");
  }

  static StudyMethod alone() {
    return new StudyMethod(Kind.ALONE, "alone", "", ExchangeInterval.fixed(0), 1, 0, "");
  }

  static StudyMethod diloco(ExchangeInterval interval) {
    return new StudyMethod(Kind.BLOCKING, "diloco", LOSSLESS, interval, 1, 0, NESTEROV);
  }

  static StudyMethod streaming(String codec, ExchangeInterval interval) {
    return streamed(Kind.STREAMING, "streaming", codec, interval, NESTEROV);
  }

  /** Plain averaging without momentum. */
  static StudyMethod averaging(String codec, ExchangeInterval interval) {
    return streamed(Kind.STREAMING, "averaging", codec, interval, AVERAGE);
  }

  /** The largest values alone, with error feedback, without momentum and without mixing. */
  static StudyMethod sparseLoco(String codec, ExchangeInterval interval) {
    StudyMethod mixed = streamed(Kind.STREAMING, "sparseloco", codec, interval, AVERAGE);
    return new StudyMethod(
        mixed.kind, mixed.name, codec, interval, mixed.layerFragments, 0, AVERAGE);
  }

  static StudyMethod eager(String codec, ExchangeInterval interval) {
    return streamed(Kind.EAGER, "eager", codec, interval, NESTEROV);
  }

  static StudyMethod frozen(ExchangeInterval interval) {
    return streamed(Kind.FROZEN, "streaming, others frozen", LOSSLESS, interval, NESTEROV);
  }

  private static StudyMethod streamed(
      Kind kind, String name, String codec, ExchangeInterval interval, String outer) {
    boolean grows = interval.last() > interval.first();
    return new StudyMethod(
        kind, grows ? name + ", h " + interval : name, codec, interval, FRAGMENTS, MIXING, outer);
  }

  /** The same with another outer optimizer. */
  StudyMethod outer(String other) {
    return other.equals(outer)
        ? this
        : new StudyMethod(
            kind, name + ", " + other, codec, interval, layerFragments, mixing, other);
  }

  /** The same with another share of local values in a merge. */
  StudyMethod mixing(float other) {
    return other == mixing
        ? this
        : new StudyMethod(
            kind, name + ", alpha " + other, codec, interval, layerFragments, other, outer);
  }

  private String codecUp() {
    int end = codec.indexOf(UP_AND_DOWN);
    return end < 0 ? codec : codec.substring(0, end);
  }

  private String codecDown() {
    return codec.substring(codec.indexOf(UP_AND_DOWN) + 1);
  }

  /** The fragments of the study's model. */
  FragmentMap fragments(StudyScale scale) {
    return FragmentMap.strided(scale.shape().schema(), layerFragments);
  }

  /** Tau: as usual, or less where H leaves less; for eager agents as late as can be. */
  int delay(StudyScale scale) {
    return switch (kind) {
      case EAGER -> interval.first() - 1;
      case STREAMING, FROZEN -> Math.min(DELAY, (interval.first() - 1) / fragments(scale).size());
      default -> 0;
    };
  }

  /** When what is exchanged. */
  SyncSchedule schedule(StudyScale scale) {
    return new SyncSchedule(fragments(scale).size(), scale.steps(), interval, delay(scale));
  }

  /** The run of a method that exchanges outer gradients. */
  LoopbackPlan plan(StudyScale scale, long seed) {
    return LoopbackPlan.diloco(scale.agents(), seed, scale.steps(), interval.first(), outer)
        .every(interval)
        .streaming(layerFragments, delay(scale), mixing)
        .eager(kind == Kind.EAGER)
        .codecs(codecUp(), codecDown());
  }
}
