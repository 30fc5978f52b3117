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
  /** Spans that are looked at. */
  static final int STEPS = 80;

  private static final GridKernel KERNEL = GridKernel.best();

  /** Fits a group's scale and zero to {@code count} weights from {@code at}. */
  public void fit(float[] weights, int at, int count, GridMatrix grid, int group) {
    fit(weights, at, count, 1, grid, group);
  }

  /** Fits all groups of the rows from {@code from} up to {@code to}. */
  void fit(float[] weights, GridMatrix grid, int from, int to) {
    GridGroups.forEach(
        grid, from, to, (at, count, groups, group) -> fit(weights, at, count, groups, grid, group));
  }

  private void fit(float[] weights, int at, int count, int groups, GridMatrix grid, int group) {
    for (int g = 0; g < groups; g++) {
      int first = at + g * count;
      float low = KERNEL.least(weights, first, count);
      span(low, KERNEL.most(weights, first, count), grid, group + g);
    }
    if (search) {
      KERNEL.search(weights, at, count, groups, this, grid, group);
    }
  }

  /** Gives a group the grid of a span. */
  void span(float low, float high, GridMatrix grid, int group) {
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
        float wanted = io.tributary.weights.pack.ScaleType.F16.round(-low / scale);
        if (Float.isFinite(wanted)) {
          zero = wanted;
        } else {
          // All are equal, or nearly: one step from zero to their common value.
          scale = rounded(Math.abs(low));
          zero = low < 0 ? 1 : low > 0 ? -1 : 0;
        }
      }
    }
    grid.scales()[group] = scale;
    grid.zeros()[group] = zero;
  }

  private float rounded(float scale) {
    return layout.scale().round(scale);
  }
}
