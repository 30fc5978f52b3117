package io.tributary.codecs.amaq;

import io.tributary.codec.CutPlan;

/**
 * What the mean of the bits may be at each step: the start until warm-up ends, then linearly down,
 * then flat.
 */
final class AmaqSchedule {
  private static final double WARM_UP = 0.05;

  /** The early phase is what costs most, so it is kept short. */
  private static final double DESCENT = 0.25;

  private final double start;
  private final double budget;
  private final double from;
  private final double to;

  AmaqSchedule(CutPlan plan) {
    start = plan.startBits();
    budget = plan.budgetBits();
    from = WARM_UP * plan.steps();
    to = Math.max(from + 1, DESCENT * plan.steps());
  }

  /** The bits of a step, counted from 0. */
  double at(int step) {
    double share = Math.max(0, Math.min(1, (step - from) / (to - from)));
    return start + share * (budget - start);
  }

  /** Whether the bits are still coming down. */
  boolean isDescending(int step) {
    return step < to;
  }

  /** The steps of the way down. */
  double length() {
    return to - from;
  }
}
