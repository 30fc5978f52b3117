package io.tributary.weights;

import java.util.Arrays;

/** What errors of weights cost at the outputs. */
public final class OutputLoss {
  /** Rows that share a look at the Hessian, which may be much larger than the caches. */
  private static final int ROWS = 8;

  private OutputLoss() {}

  /**
   * The sum of {@code e H eᵀ} over rows e: the mean squared error of all outputs.
   *
   * @param errors rows of {@code width} values from {@code at}
   * @param hessian of the inputs, {@code width} squared numbers, symmetric
   */
  public static double of(float[] errors, int at, int rows, int width, double[] hessian) {
    var products = new double[Math.min(ROWS, rows)][width];
    double loss = 0;
    for (int first = 0; first < rows; first += ROWS) {
      int count = Math.min(ROWS, rows - first);
      loss += ofSome(errors, at + first * width, count, width, hessian, products);
    }
    return loss;
  }

  /** Takes the half above the diagonal twice. */
  private static double ofSome(
      float[] errors, int at, int rows, int width, double[] hessian, double[][] products) {
    for (double[] product : products) {
      Arrays.fill(product, 0);
    }
    for (int k = 0; k < width; k++) {
      for (int r = 0; r < rows; r++) {
        double error = errors[at + r * width + k];
        if (error != 0) {
          products[r][k] += error * hessian[k * width + k] / 2;
          addFrom(k + 1, width, error, hessian, k * width, products[r]);
        }
      }
    }
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        loss += 2 * errors[at + r * width + j] * products[r][j];
      }
    }
    return loss;
  }

  private static void addFrom(
      int from, int to, double factor, double[] values, int at, double[] sums) {
    for (int j = from; j < to; j++) {
      sums[j] += factor * values[at + j];
    }
  }
}
