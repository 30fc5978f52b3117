package io.tributary.agent.trainer;

import io.tributary.error.Errors;

/**
 * The inner learning rate as a function of the step: a linear warm-up, then constant, or a cosine
 * that falls to a tenth of the peak.
 *
 * <p>The default is constant: replicas that are averaged gain most while their noise is high, and a
 * run may then be prolonged without knowing its end beforehand.
 *
 * @param peak the rate after the warm-up, above 0
 * @param warmup the number of steps until the peak is reached; 0 for none
 * @param lastStep the step at which the cosine reaches its floor; 0 for a constant rate
 */
public record LearningRate(double peak, int warmup, long lastStep) {
  private static final double FLOOR = 0.1;

  /** Checks every component. */
  public LearningRate {
    if (!(peak > 0) || peak > 10) {
      throw Errors.invalidSetting("learning rate", peak, "a number above 0, at most 10");
    }
    if (warmup < 0) {
      throw Errors.invalidSetting("warm-up", warmup, "a number of steps, 0 or more");
    }
    if (lastStep != 0 && lastStep <= warmup) {
      throw Errors.invalidSetting(
          "last step of the learning rate", lastStep, "0 or more than the warm-up, " + warmup);
    }
  }

  /** A constant rate after {@code warmup} steps. */
  public static LearningRate constant(double peak, int warmup) {
    return new LearningRate(peak, warmup, 0);
  }

  /** The rate of {@code step}, counted from 1. */
  public double at(long step) {
    if (step <= warmup) {
      return peak * step / warmup;
    }
    if (lastStep == 0) {
      return peak;
    }
    double done = Math.min(1.0, (double) (step - warmup) / (lastStep - warmup));
    // StrictMath, because Math.cos may differ between machines in the last bit.
    return peak * (FLOOR + (1 - FLOOR) * 0.5 * (1 + StrictMath.cos(StrictMath.PI * done)));
  }
}
