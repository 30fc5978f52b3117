package io.tributary.weights.round;

import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.ScaleType;

/** The definition: one group after the other. */
final class GridScalarKernel implements GridKernel {
  /** Weights between two looks at whether a span is already worse than the best. */
  private static final int CHECKED = 32;

  @Override
  public float least(float[] weights, int at, int count) {
    float least = Float.POSITIVE_INFINITY;
    for (int j = at; j < at + count; j++) {
      least = Math.min(least, weights[j]);
    }
    return least;
  }

  @Override
  public float most(float[] weights, int at, int count) {
    float most = Float.NEGATIVE_INFINITY;
    for (int j = at; j < at + count; j++) {
      most = Math.max(most, weights[j]);
    }
    return most;
  }

  @Override
  public void codes(float[] weights, int at, int count, GridMatrix grid, int group) {
    float factor = factor(grid.scales()[group]);
    float zero = grid.zeros()[group];
    int top = top(grid);
    byte[] codes = grid.codes();
    for (int j = at; j < at + count; j++) {
      codes[j] = (byte) (int) code(weights[j], factor, zero, top);
    }
  }

  /** The largest code. */
  static int top(GridMatrix grid) {
    return (1 << grid.layout().bits()) - 1;
  }

  /** What weights are multiplied with. */
  static float factor(float scale) {
    return scale == 0 ? 0 : 1 / scale;
  }

  /** The code of a weight, a whole number. */
  static float code(float weight, float factor, float zero, int top) {
    return Math.max(0, Math.min(top, (float) Math.rint(weight * factor + zero)));
  }

  @Override
  public void search(
      float[] weights, int at, int count, int groups, GridFit fit, GridMatrix grid, int group) {
    for (int g = 0; g < groups; g++) {
      search(weights, at + g * count, count, fit, grid, group + g);
    }
  }

  private void search(float[] weights, int at, int count, GridFit fit, GridMatrix grid, int group) {
    float low = least(weights, at, count);
    float high = most(weights, at, count);
    float best = error(weights, at, count, grid, group, Float.POSITIVE_INFINITY);
    float scale = grid.scales()[group];
    float zero = grid.zeros()[group];
    for (int i = 1; i < GridFit.STEPS; i++) {
      float share = 1 - i / 100f;
      fit.span(low * share, high * share, grid, group);
      float error = error(weights, at, count, grid, group, best);
      if (error < best) {
        best = error;
        scale = grid.scales()[group];
        zero = grid.zeros()[group];
      }
    }
    grid.scales()[group] = scale;
    grid.zeros()[group] = zero;
  }

  /** The sum of |error|^2.5, or infinity as soon as it exceeds {@code limit}. */
  private static float error(
      float[] weights, int at, int count, GridMatrix grid, int group, float limit) {
    int top = top(grid);
    float scale = grid.scales()[group];
    float zero = grid.zeros()[group];
    float factor = factor(scale);
    float error = 0;
    for (int from = at; from < at + count; from += CHECKED) {
      int end = Math.min(at + count, from + CHECKED);
      for (int j = from; j < end; j++) {
        float off = Math.abs(scale * (code(weights[j], factor, zero, top) - zero) - weights[j]);
        error += off * off * (float) Math.sqrt(off);
      }
      if (error > limit) {
        return Float.POSITIVE_INFINITY;
      }
    }
    return error;
  }

  @Override
  public void zeros(float[] weights, int at, int count, int groups, GridMatrix grid, int group) {
    for (int g = 0; g < groups; g++) {
      if (grid.scales()[group + g] != 0) {
        grid.zeros()[group + g] = zero(weights, at + g * count, count, grid, group + g);
      }
    }
  }

  private static float zero(float[] weights, int at, int count, GridMatrix grid, int group) {
    float scale = grid.scales()[group];
    float factor = 1 / scale;
    int top = top(grid);
    float zero = grid.zeros()[group];
    float kept = zero;
    float best = Float.POSITIVE_INFINITY;
    float threshold = HalfQuadraticZeros.FIRST_THRESHOLD;
    for (int i = 0; i < HalfQuadraticZeros.ITERATIONS && Float.isFinite(zero); i++) {
      float error = 0;
      float sum = 0;
      for (int j = at; j < at + count; j++) {
        float weight = weights[j];
        float code = code(weight, factor, zero, top);
        float off = weight - scale * (code - zero);
        float magnitude = Math.abs(off);
        float left =
            Math.max(0, magnitude - threshold * HalfQuadraticZeros.powerOfMinus03(magnitude));
        error += magnitude;
        sum += code - (weight - Math.copySign(left, off)) * factor;
      }
      if (!(error < best)) {
        break;
      }
      best = error;
      kept = zero;
      zero = ScaleType.F16.round(sum / count);
      threshold /= HalfQuadraticZeros.KAPPA;
    }
    return kept;
  }
}
