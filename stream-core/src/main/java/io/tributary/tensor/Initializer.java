package io.tributary.tensor;

import io.tributary.error.Errors;

/**
 * How a tensor's first values come from the run's seed.
 *
 * @param kind the distribution
 * @param scale the standard deviation of {@link Kind#NORMAL}, at least 0; the value itself of
 *     {@link Kind#CONSTANT}
 */
public record Initializer(Kind kind, float scale) {
  /** The distribution of first values. */
  public enum Kind {
    /** Every element equals the scale. */
    CONSTANT,
    /** Gaussian with mean 0. */
    NORMAL
  }

  /** Checks the scale. */
  public Initializer {
    if (!Float.isFinite(scale) || (kind == Kind.NORMAL && scale < 0)) {
      throw Errors.invalidSetting(
          "initializer " + kind, scale, "a finite scale, not negative for NORMAL");
    }
  }

  /** All elements equal {@code value}. */
  public static Initializer constant(float value) {
    return new Initializer(Kind.CONSTANT, value);
  }

  /** Gaussian elements with mean 0 and the given standard deviation. */
  public static Initializer normal(float deviation) {
    return new Initializer(Kind.NORMAL, deviation);
  }
}
