package io.tributary.weights.round;

import io.tributary.weights.pack.GridLayout;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import io.tributary.weights.pack.GridMatrix;

/**
 * How the scale and zero of a group come from its weights.
 *
 * <ul>
 *   <li>Symmetric, {@link ZeroForm#NONE}: the scale is the largest magnitude over {@code 2^(b-1) -
 *       1}; the lowest code isn't used.
 *   <li>{@link ZeroForm#MIDDLE}: the outermost codes are the largest magnitude and its opposite.
 *   <li>{@link ZeroForm#CODE}: the grid spans the smallest and the largest weight and zero, which
 *       lies on it.
 *   <li>{@link ZeroForm#F16}: it spans the smallest and the largest weight.
 * </ul>
 *
 * <p>The search shrinks that span in steps of a hundredth down to a fifth and keeps the one with
 * the smallest sum of |error|^2.5, nearly as GPTQ's authors do with 2.4 (Frantar et al., arXiv
 * 2210.17323): a little clipping pays where the weights' tails are long. Scales and zeros are
 * numbers of their layout's types before any weight is rounded by them.
 *
 * @param layout the grid's form
 * @param search whether to search
 */
public record GridFit(GridLayout layout, boolean search) {
  private static final int STEPS = 80;

  /** Weights between two looks at whether a span is already worse than the best. */
  private static final int CHECKED = 32;

  /** Fits a group's scale and zero to {@code count} weights from {@code at}. */
  public void fit(float[] weights, int at, int count, GridMatrix grid, int group) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int j = at; j < at + count; j++) {
      low = Math.min(low, weights[j]);
      high = Math.max(high, weights[j]);
    }
    span(low, high, grid, group);
    if (search) {
      float best = error(weights, at, count, grid, group, Float.POSITIVE_INFINITY);
      float scale = grid.scales()[group];
      float zero = grid.zeros()[group];
      for (int i = 1; i < STEPS; i++) {
        float share = 1 - i / 100f;
        span(low * share, high * share, grid, group);
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
  }

  private void span(float low, float high, GridMatrix grid, int group) {
    int top = (1 << layout.bits()) - 1;
    float scale;
    float zero = grid.zeros()[group];
    switch (layout.zero()) {
      case MIDDLE -> scale = rounded(2 * Math.max(high, -low) / top);
      case NONE -> scale = rounded(Math.max(high, -low) / (top / 2));
      case CODE -> {
        float from = Math.min(low, 0);
        scale = rounded((Math.max(high, 0) - from) / top);
        zero = scale == 0 ? 0 : Math.min(top, (float) Math.rint(-from / scale));
      }
      default -> {
        scale = rounded((high - low) / top);
        if (scale == 0) {
          // All are equal, or nearly: one step from zero to their common value.
          scale = rounded(Math.abs(low));
          zero = low < 0 ? 1 : low > 0 ? -1 : 0;
        } else {
          zero = io.tributary.weights.pack.ScaleType.F16.round(-low / scale);
        }
      }
    }
    grid.scales()[group] = scale;
    grid.zeros()[group] = zero;
  }

  private float rounded(float scale) {
    return layout.scale().round(scale);
  }

  /** The sum of |error|^2.5, or infinity as soon as it exceeds {@code limit}. */
  private float error(float[] weights, int at, int count, GridMatrix grid, int group, float limit) {
    int top = (1 << layout.bits()) - 1;
    float scale = grid.scales()[group];
    float zero = grid.zeros()[group];
    float factor = scale == 0 ? 0 : 1 / scale;
    float error = 0;
    for (int from = at; from < at + count; from += CHECKED) {
      int end = Math.min(at + count, from + CHECKED);
      for (int j = from; j < end; j++) {
        float code = (float) Math.rint(weights[j] * factor + zero);
        float off = Math.abs(scale * (Math.max(0, Math.min(top, code)) - zero) - weights[j]);
        error += off * off * (float) Math.sqrt(off);
      }
      if (error > limit) {
        return Float.POSITIVE_INFINITY;
      }
    }
    return error;
  }
}
