package io.tributary.weights.round;

import io.tributary.weights.pack.GridMatrix;

/**
 * Rounding to nearest on grids whose zeros are searched: HQQ (Badri and Shaji, "Half-Quadratic
 * Quantization of Large Machine Learning Models", 2023).
 *
 * <p>The scale stays that of the group's span. The zero is moved so that the sum of |error|^p with
 * p = 0.7 falls, by half-quadratic splitting: errors are shrunk as that norm's proximal operator
 * shrinks them, and the zero follows what is left. Each group stops when its mean |error| no longer
 * falls, and keeps the zero with the smallest; the paper's code stops a whole tensor at once.
 *
 * <p>The threshold 1/β of the shrinking is absolute, as published: the method isn't free of scale,
 * and weights of another magnitude than a trained model's may gain less.
 */
public final class HalfQuadraticZeros {
  /** Of the error's magnitude in what is subtracted from it: p - 1. */
  static final float POWER = 0.7f - 1;

  /** 1 over beta at first. */
  static final float FIRST_THRESHOLD = 1 / 10f;

  /** What beta grows by in each iteration. */
  static final float KAPPA = 1.01f;

  static final int ITERATIONS = 20;

  // The logarithm to the base 2 of 1 + t, by powers of t.
  static final float LOG0 = 1.439093e-5f;
  static final float LOG1 = 1.4415921f;
  static final float LOG2 = -0.70725343f;
  static final float LOG3 = 0.41156148f;
  static final float LOG4 = -0.18983245f;
  static final float LOG5 = 0.043928628f;

  // Two to the power of f.
  static final float EXP0 = 1.0000036f;
  static final float EXP1 = 0.69296955f;
  static final float EXP2 = 0.24162132f;
  static final float EXP3 = 0.05171774f;
  static final float EXP4 = 0.01368398f;

  private static final GridKernel KERNEL = GridKernel.best();

  private HalfQuadraticZeros() {}

  /** Fits all groups of the rows from {@code from} up to {@code to} and rounds their weights. */
  public static void round(float[] weights, GridFit fit, GridMatrix grid, int from, int to) {
    fit.fit(weights, grid, from, to);
    GridGroups.forEach(
        grid,
        from,
        to,
        (at, count, groups, group) -> KERNEL.zeros(weights, at, count, groups, grid, group));
    NearestRounding.codes(weights, grid, from, to);
  }

  /**
   * The power {@code p - 1} of a magnitude, to 2e-5 of it: logarithm and exponential to the base 2,
   * each a polynomial (Chebyshev's, of degree 5 and 4) beside the exponent's bits. Of zero it is
   * large, so that nothing is left of it.
   */
  static float powerOfMinus03(float magnitude) {
    int bits = Float.floatToRawIntBits(magnitude);
    float t = Float.intBitsToFloat(bits & 0x7F_FFFF | 0x3F80_0000) - 1;
    float log = LOG0 + t * (LOG1 + t * (LOG2 + t * (LOG3 + t * (LOG4 + t * LOG5))));
    float exponent = POWER * ((bits >>> 23) - 127 + log);
    int whole = (int) Math.floor(exponent);
    float f = exponent - whole;
    float power = EXP0 + f * (EXP1 + f * (EXP2 + f * (EXP3 + f * EXP4)));
    return power * Float.intBitsToFloat(whole + 127 << 23);
  }
}
