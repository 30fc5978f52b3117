package io.tributary.weights.ggml;

/**
 * Searches of the scale, and of the minimum if there is one, with which a few values lose least
 * when they are rounded. The group's values lie from {@code at + from}, its weights and codes from
 * {@code from}. For one thread.
 */
final class ScaleSearch {
  static final float TINY = 1e-15f;
  static final int SWEEPS = 5;

  /** Trials of {@link #symmetric}. */
  static final int TRIALS = 19;

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
  float symmetric(float[] x, int at, int count, int from, int most, float[] weights, byte[] codes) {
    float largest = largest(x, at + from, count);
    java.util.Arrays.fill(codes, from, from + count, (byte) most);
    if (Math.abs(largest) < TINY) {
      return 0;
    }
    float best = 0;
    float scale = 0;
    for (int i = 0; i < TRIALS; i++) {
      float factor = -(most + 0.1f * step(i)) / largest;
      float along = 0;
      float squares = 0;
      for (int j = 0; j < count; j++) {
        int code = clamp(factor * x[at + from + j], -most, most - 1);
        trial[j] = (byte) (code + most);
        along += weights[from + j] * x[at + from + j] * code;
        squares += weights[from + j] * code * code;
      }
      if (squares > 0 && along * along > best * squares) {
        best = along * along / squares;
        scale = along / squares;
        System.arraycopy(trial, 0, codes, from, count);
      }
    }
    return scale;
  }

  /**
   * The same by coordinate descent: each code becomes the best one for the scale that the others
   * want, in up to five sweeps.
   */
  float descent(float[] x, int at, int count, int from, int most, float[] weights, byte[] codes) {
    float largest = largest(x, at + from, count);
    if (Math.abs(largest) < TINY) {
      java.util.Arrays.fill(codes, from, from + count, (byte) most);
      return 0;
    }
    for (int j = 0; j < count; j++) {
      codes[from + j] = (byte) clamp(-most / largest * x[at + from + j], -most, most - 1);
    }
    float scale = sweeps(x, at, count, from, -most, most - 1, weights, codes);
    for (int j = 0; j < count; j++) {
      codes[from + j] += most;
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
    return sweeps(x, at, count, 0, 0, most, weights, codes);
  }

  private static float sweeps(
      float[] x, int at, int count, int from, int least, int most, float[] weights, byte[] codes) {
    float along = 0;
    float squares = 0;
    for (int j = 0; j < count; j++) {
      along += weights[from + j] * x[at + from + j] * codes[from + j];
      squares += weights[from + j] * codes[from + j] * codes[from + j];
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean changed = false;
      for (int j = 0; j < count; j++) {
        float weight = weights[from + j];
        float value = x[at + from + j];
        float others = along - weight * value * codes[from + j];
        float theirs = squares - weight * codes[from + j] * codes[from + j];
        if (others > 0 && theirs > 0) {
          int code = clamp(value * theirs / others, least, most);
          if (code != codes[from + j]) {
            float nextAlong = others + weight * value * code;
            float nextSquares = theirs + weight * code * code;
            if (nextAlong * nextAlong * squares > along * along * nextSquares) {
              along = nextAlong;
              squares = nextSquares;
              codes[from + j] = (byte) code;
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
   * A scale and a minimum for codes from 0 to {@code most}: trial scales, each followed by weighted
   * least squares.
   *
   * @return the scale; {@link #minimum} is what to subtract
   */
  float affine(
      float[] x,
      int at,
      int count,
      int from,
      int most,
      float[] weights,
      GroupKernel.Trials trials,
      byte[] codes) {
    float low = 0;
    float high = x[at + from];
    float sum = 0;
    float sumX = 0;
    for (int j = 0; j < count; j++) {
      low = Math.min(low, x[at + from + j]);
      high = Math.max(high, x[at + from + j]);
      sum += weights[from + j];
      sumX += weights[from + j] * x[at + from + j];
    }
    minimum = -low;
    if (high - low < TINY) {
      java.util.Arrays.fill(codes, from, from + count, (byte) 0);
      return 0;
    }
    float scale = (high - low) / most;
    float best = 0;
    for (int j = 0; j < count; j++) {
      codes[from + j] = (byte) clamp((x[at + from + j] - low) / scale, 0, most);
      float off = Math.abs(scale * codes[from + j] + low - x[at + from + j]);
      best += weights[from + j] * (trials.absolute() ? off : off * off);
    }
    for (int i = 0; i <= trials.steps(); i++) {
      float factor = (trials.first() + trials.step() * i + most) / (high - low);
      float sumL = 0;
      float sumLl = 0;
      float sumXl = 0;
      for (int j = 0; j < count; j++) {
        int code = clamp(factor * (x[at + from + j] - low), 0, most);
        trial[j] = (byte) code;
        sumL += weights[from + j] * code;
        sumLl += weights[from + j] * code * code;
        sumXl += weights[from + j] * code * x[at + from + j];
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
          float off = Math.abs(newScale * trial[j] + newLow - x[at + from + j]);
          error += weights[from + j] * (trials.absolute() ? off : off * off);
        }
        if (error < best) {
          best = error;
          scale = newScale;
          minimum = -newLow;
          System.arraycopy(trial, 0, codes, from, count);
        }
      }
    }
    return scale;
  }

  /** What {@link #affine} found last: the minimum, turned positive. */
  float minimum() {
    return minimum;
  }

  /**
   * The tenths by which a trial of {@link #symmetric} is off the first one: 0, -9 to -1, 1 to 9.
   */
  static int step(int trial) {
    return trial == 0 ? 0 : trial <= 9 ? trial - 10 : trial - 9;
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
