package io.tributary.weights.round;

import io.tributary.weights.pack.GridMatrix;
import java.util.Arrays;

/**
 * Coordinate descent behind a {@link ColumnLoop}: each code in turn becomes the best one while all
 * others stay, so that the rows' loss never rises (QuIP's greedy updates, Chee et al., arXiv
 * 2307.13304, with each code kept within its grid at once).
 */
public final class GreedyPasses {
  private GreedyPasses() {}

  /**
   * Improves some rows.
   *
   * @param weights of all rows, as they were before rounding
   * @param hessian the damped one that the loop followed
   * @param from the first row
   * @param to behind the last row
   * @param passes at most
   */
  public static void improve(
      float[] weights, double[] hessian, GridMatrix grid, int from, int to, int passes) {
    int n = grid.width();
    var gradient = new double[n];
    for (int row = from; row < to; row++) {
      Arrays.fill(gradient, 0);
      for (int j = 0; j < n; j++) {
        double error = (double) weights[row * n + j] - grid.value(row, j);
        HessianFactor.subtract(error, hessian, j * n, gradient, 0, n);
      }
      boolean changed = true;
      for (int pass = 0; pass < passes && changed; pass++) {
        changed = false;
        for (int j = n - 1; j >= 0; j--) {
          double before = grid.value(row, j);
          double wanted = before - gradient[j] / hessian[j * n + j];
          double step = grid.round(row, j, wanted) - before;
          if (step != 0) {
            HessianFactor.subtract(-step, hessian, j * n, gradient, 0, n);
            changed = true;
          }
        }
      }
    }
  }
}
