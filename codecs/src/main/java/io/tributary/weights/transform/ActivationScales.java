package io.tributary.weights.transform;

import io.tributary.weights.WeightMatrix;

/**
 * The family of column scales that AWQ searches (Lin et al., arXiv 2306.00978): a column whose
 * inputs are loud is multiplied by their size to the power of α, so that rounding hurts it less.
 */
public final class ActivationScales {
  private static final double LEAST = 1e-4;

  private ActivationScales() {}

  /**
   * The transform of one α.
   *
   * @param hessian of the inputs; the root of its diagonal is their size
   * @param alpha from 0, where nothing is scaled, below 1
   */
  public static ColumnScales of(double[] hessian, int width, double alpha) {
    var divisors = new double[width];
    for (int j = 0; j < width; j++) {
      double size = Math.sqrt(hessian[j * width + j]);
      divisors[j] = 1 / Math.max(LEAST, StrictMath.pow(size, alpha));
    }
    return ColumnScales.near(divisors);
  }

  /** What rows lose when they are decoded to others: {@code tr(E H Eᵀ)}. */
  public static double loss(
      WeightMatrix matrix, float[] decoded, double[] hessian, int from, int to) {
    int n = matrix.width();
    var error = new double[n];
    var product = new double[n];
    double loss = 0;
    for (int i = from; i < to; i++) {
      for (int j = 0; j < n; j++) {
        error[j] = (double) matrix.values()[i * n + j] - decoded[(i - from) * n + j];
        product[j] = 0;
      }
      for (int k = 0; k < n; k++) {
        double factor = error[k];
        for (int j = 0; j < n; j++) {
          product[j] += factor * hessian[k * n + j];
        }
      }
      for (int j = 0; j < n; j++) {
        loss += error[j] * product[j];
      }
    }
    return loss;
  }
}
