package io.tributary.weights.round;

import io.tributary.weights.pack.GridMatrix;

/** Rounding to nearest: each weight by itself. */
public final class NearestRounding {
  private static final GridKernel KERNEL = GridKernel.best();

  private NearestRounding() {}

  /** Fits all groups of the rows from {@code from} up to {@code to} and rounds their weights. */
  public static void round(float[] weights, GridFit fit, GridMatrix grid, int from, int to) {
    fit.fit(weights, grid, from, to);
    codes(weights, grid, from, to);
  }

  /** Rounds the weights of these rows to grids that are fitted. */
  static void codes(float[] weights, GridMatrix grid, int from, int to) {
    GridGroups.forEach(
        grid,
        from,
        to,
        (at, count, groups, group) -> {
          for (int g = 0; g < groups; g++) {
            KERNEL.codes(weights, at + g * count, count, grid, group + g);
          }
        });
  }
}
