package io.tributary.weights.transform;

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
}
