package io.tributary.weights.ggml;

/**
 * Searches of the scale, and of the minimum if there is one, with which a few values lose least
 * when they are rounded. Values lie from {@code at}; weights and codes from 0. For one thread.
 */
final class ScaleSearch {
  private static final float TINY = 1e-15f;
  private static final int SWEEPS = 5;

  private final byte[] trial = new byte[256];

  /** The minimum that {@link #affine} found, turned positive. */
  private float minimum;

  /**
   * A scale for codes from {@code -most} to {@code most - 1}: 19 trials about the one that makes
   * the largest value the lowest code, each followed by the best scale for its codes.
   *
   * @param codes receives codes from 0
   * @return the scale, perhaps negative; 0 if all values are 0, with codes {@code most}
   */
  float symmetric(float[] x, int at, int count, int most, float[] weights, byte[] codes) {
    float largest = largest(x, at, count);
    if (Math.abs(largest) < TINY) {
      java.util.Arrays.fill(codes, 0, count, (byte) most);
      return 0;
    }
    float best = 0;
    float scale = 0;
    for (int i = 0; i < 19; i++) {
      int step = i == 0 ? 0 : i <= 9 ? i - 10 : i - 9;
      float factor = -(most + 0.1f * step) / largest;
      float along = 0;
      float squares = 0;
      for (int j = 0; j < count; j++) {
        int code = clamp(factor * x[at + j], -most, most - 1);
        trial[j] = (byte) (code + most);
        along += weights[j] * x[at + j] * code;
        squares += weights[j] * code * code;
      }
      if (squares > 0 && along * along > best * squares) {
        best = along * along / squares;
        scale = along / squares;
        System.arraycopy(trial, 0, codes, 0, count);
      }
    }
    return scale;
  }

  /**
   * The same by coordinate descent: each code becomes the best one for the scale that the others
   * want, in up to five sweeps.
   */
  float descent(float[] x, int at, int count, int most, float[] weights, byte[] codes) {
    float largest = largest(x, at, count);
    if (Math.abs(largest) < TINY) {
      java.util.Arrays.fill(codes, 0, count, (byte) most);
      return 0;
    }
    for (int j = 0; j < count; j++) {
      codes[j] = (byte) clamp(-most / largest * x[at + j], -most, most - 1);
    }
    float scale = sweeps(x, at, count, -most, most - 1, weights, codes);
    for (int j = 0; j < count; j++) {
      codes[j] += most;
    }
    return scale;
  }

  /** A scale for codes from 0 to {@code most} of values that aren't negative. */
  float positive(float[] x, int at, int count, int most, float[] weights, byte[] codes) {
    float largest = 0;
    for (int j = 0; j < count; j++) {
      largest = Math.max(largest, x[at + j]);
    }
    if (largest < TINY) {
      java.util.Arrays.fill(codes, 0, count, (byte) 0);
      return 0;
    }
    float best = Float.POSITIVE_INFINITY;
    for (int step = -4; step <= 4; step++) {
      float factor = (most + 0.1f * step) / largest;
      float error = 0;
      for (int j = 0; j < count; j++) {
        int code = clamp(factor * x[at + j], 0, most);
        trial[j] = (byte) code;
        float off = x[at + j] - code / factor;
        error += weights[j] * off * off;
      }
      if (error < best) {
        best = error;
        System.arraycopy(trial, 0, codes, 0, count);
      }
    }
    return sweeps(x, at, count, 0, most, weights, codes);
  }

  private static float sweeps(
      float[] x, int at, int count, int least, int most, float[] weights, byte[] codes) {
    float along = 0;
    float squares = 0;
    for (int j = 0; j < count; j++) {
      along += weights[j] * x[at + j] * codes[j];
      squares += weights[j] * codes[j] * codes[j];
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean changed = false;
      for (int j = 0; j < count; j++) {
        float weight = weights[j];
        float value = x[at + j];
        float others = along - weight * value * codes[j];
        float theirs = squares - weight * codes[j] * codes[j];
        if (others > 0 && theirs > 0) {
          int code = clamp(value * theirs / others, least, most);
          if (code != codes[j]) {
            float nextAlong = others + weight * value * code;
            float nextSquares = theirs + weight * code * code;
            if (nextAlong * nextAlong * squares > along * along * nextSquares) {
              along = nextAlong;
              squares = nextSquares;
              codes[j] = (byte) code;
              changed = true;
            }
          }
        }
      }
      if (!changed) {
        break;
      }
    }
    return squares > 0 ? along / squares : 0;
  }

  /**
   * A scale and a minimum for codes from 0 to {@code most}: trial scales from {@code (most +
   * first)} on in steps of {@code step}, each followed by weighted least squares.
   *
   * @param absolute whether errors count as they are, instead of as squares
   * @return the scale; {@link #minimum} is what to subtract
   */
  float affine(
      float[] x,
      int at,
      int count,
      int most,
      float[] weights,
      float first,
      float step,
      int steps,
      boolean absolute,
      byte[] codes) {
    float low = 0;
    float high = x[at];
    float sum = 0;
    float sumX = 0;
    for (int j = 0; j < count; j++) {
      low = Math.min(low, x[at + j]);
      high = Math.max(high, x[at + j]);
      sum += weights[j];
      sumX += weights[j] * x[at + j];
    }
    minimum = -low;
    if (high - low < TINY) {
      java.util.Arrays.fill(codes, 0, count, (byte) 0);
      return 0;
    }
    float scale = (high - low) / most;
    float best = 0;
    for (int j = 0; j < count; j++) {
      codes[j] = (byte) clamp((x[at + j] - low) / scale, 0, most);
      float off = Math.abs(scale * codes[j] + low - x[at + j]);
      best += weights[j] * (absolute ? off : off * off);
    }
    for (int i = 0; i <= steps; i++) {
      float factor = (first + step * i + most) / (high - low);
      float sumL = 0;
      float sumLl = 0;
      float sumXl = 0;
      for (int j = 0; j < count; j++) {
        int code = clamp(factor * (x[at + j] - low), 0, most);
        trial[j] = (byte) code;
        sumL += weights[j] * code;
        sumLl += weights[j] * code * code;
        sumXl += weights[j] * code * x[at + j];
      }
      float determinant = sum * sumLl - sumL * sumL;
      if (determinant > 0) {
        float newScale = (sum * sumXl - sumX * sumL) / determinant;
        float newLow = (sumLl * sumX - sumL * sumXl) / determinant;
        if (newLow > 0) {
          newLow = 0;
          newScale = sumXl / sumLl;
        }
        float error = 0;
        for (int j = 0; j < count; j++) {
          float off = Math.abs(newScale * trial[j] + newLow - x[at + j]);
          error += weights[j] * (absolute ? off : off * off);
        }
        if (error < best) {
          best = error;
          scale = newScale;
          minimum = -newLow;
          System.arraycopy(trial, 0, codes, 0, count);
        }
      }
    }
    return scale;
  }

  /** What {@link #affine} found last: the minimum, turned positive. */
  float minimum() {
    return minimum;
  }

  private static float largest(float[] x, int at, int count) {
    float largest = 0;
    for (int j = 0; j < count; j++) {
      if (Math.abs(x[at + j]) > Math.abs(largest)) {
        largest = x[at + j];
      }
    }
    return largest;
  }

  /** The nearest whole number within bounds. */
  static int clamp(float value, int least, int most) {
    return (int) Math.max(least, Math.min(most, Math.rint(value)));
  }
}
