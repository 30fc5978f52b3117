package io.tributary.bench.diloco.effect;

/**
 * One way to train.
 *
 * @param kind what is exchanged at all
 * @param name as tables have it
 * @param codec codec policy, both ways
 * @param interval H
 * @param fragments P
 * @param delay tau
 * @param mixing alpha
 * @param outer the outer optimizer
 */
record StudyMethod(
    Kind kind,
    String name,
    String codec,
    int interval,
    int fragments,
    int delay,
    float mixing,
    String outer) {
  static final String LOSSLESS = "raw32";

  private static final int FRAGMENTS = 2;
  private static final int DELAY = 2;
  private static final float MIXING = 0.5f;

  /** What the paper uses at all scales. */
  private static final String NESTEROV = "nesterov:0.4,0.9";

  /** What is exchanged at all. */
  enum Kind {
    /** Nothing: each agent alone. */
    ALONE,
    /** Gradients, every step. */
    DATA_PARALLEL,
    /** Outer gradients. */
    OUTER,
    /** Outer gradients, and only the fragment that is exchanged next trains. */
    OUTER_FROZEN
  }

  static StudyMethod dataParallel() {
    return new StudyMethod(Kind.DATA_PARALLEL, "data-parallel", "bf16", 1, 1, 0, 0, "");
  }

  static StudyMethod alone() {
    return new StudyMethod(Kind.ALONE, "alone", "", 0, 1, 0, 0, "");
  }

  static StudyMethod diloco(int interval) {
    return new StudyMethod(Kind.OUTER, "diloco", LOSSLESS, interval, 1, 0, 0, NESTEROV);
  }

  static StudyMethod streaming(String codec, int interval) {
    return new StudyMethod(
        Kind.OUTER, "streaming", codec, interval, FRAGMENTS, DELAY, MIXING, NESTEROV);
  }

  /** Plain averaging without momentum, as SparseLoCo has it. */
  static StudyMethod averaging(String codec, int interval) {
    return new StudyMethod(
        Kind.OUTER, "averaging", codec, interval, FRAGMENTS, DELAY, MIXING, "average:1");
  }

  static StudyMethod frozen(int interval) {
    return new StudyMethod(
        Kind.OUTER_FROZEN,
        "streaming, others frozen",
        LOSSLESS,
        interval,
        FRAGMENTS,
        DELAY,
        MIXING,
        NESTEROV);
  }
}
