package io.tributary.weights.round;

import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.ScaleType;

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
  private static final float P = 0.7f;
  private static final float BETA = 10;
  private static final float KAPPA = 1.01f;
  private static final int ITERATIONS = 20;

  private HalfQuadraticZeros() {}

  /** Fits all groups of the rows from {@code from} up to {@code to} and rounds their weights. */
  public static void round(float[] weights, GridFit fit, GridMatrix grid, int from, int to) {
    int width = grid.width();
    int groupWidth = grid.layout().groupWidth(width);
    for (int row = from; row < to; row++) {
      for (int first = 0; first < width; first += groupWidth) {
        int count = Math.min(groupWidth, width - first);
        int group = grid.group(row, first);
        int at = row * width + first;
        fit.fit(weights, at, count, grid, group);
        search(weights, at, count, grid, group);
        NearestRounding.codes(weights, at, count, grid, group);
      }
    }
  }

  private static void search(float[] weights, int at, int count, GridMatrix grid, int group) {
    float scale = grid.scales()[group];
    if (scale == 0) {
      return;
    }
    float factor = 1 / scale;
    int top = (1 << grid.layout().bits()) - 1;
    float zero = grid.zeros()[group];
    float kept = zero;
    float best = Float.POSITIVE_INFINITY;
    float threshold = 1 / BETA;
    for (int i = 0; i < ITERATIONS; i++) {
      float error = 0;
      float sum = 0;
      for (int j = at; j < at + count; j++) {
        float weight = weights[j];
        float code = Math.max(0, Math.min(top, (float) Math.rint(weight * factor + zero)));
        float off = weight - scale * (code - zero);
        float magnitude = Math.abs(off);
        float left = Math.max(0, magnitude - threshold * powerOfMinus03(magnitude));
        error += magnitude;
        sum += code - (weight - Math.copySign(left, off)) * factor;
      }
      if (error >= best) {
        break;
      }
      best = error;
      kept = zero;
      zero = ScaleType.F16.round(sum / count);
      threshold /= KAPPA;
    }
    grid.zeros()[group] = kept;
  }

  /**
   * The power {@code p - 1} of a magnitude, to 2e-5 of it: logarithm and exponential to the base 2,
   * each a polynomial (Chebyshev's, of degree 5 and 4) beside the exponent's bits. Of zero it is
   * large, so that nothing is left of it.
   */
  static float powerOfMinus03(float magnitude) {
    int bits = Float.floatToRawIntBits(magnitude);
    float t = Float.intBitsToFloat(bits & 0x7F_FFFF | 0x3F80_0000) - 1;
    float log =
        1.439093e-5f
            + t
                * (1.4415921f
                    + t
                        * (-0.70725343f
                            + t * (0.41156148f + t * (-0.18983245f + t * 0.043928628f))));
    float exponent = (P - 1) * ((bits >>> 23) - 127 + log);
    int whole = (int) Math.floor(exponent);
    float f = exponent - whole;
    float power =
        1.0000036f + f * (0.69296955f + f * (0.24162132f + f * (0.05171774f + f * 0.01368398f)));
    return power * Float.intBitsToFloat(whole + 127 << 23);
  }
}
