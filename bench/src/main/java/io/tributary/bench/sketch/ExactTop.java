package io.tributary.bench.sketch;

import java.util.ArrayList;
import java.util.List;

/**
 * The top eigenvector of {@code AᵀA} and the gap behind it, by Lanczos's method with full
 * reorthogonalization: two passes over all rows for each step, and no matrix of d times d.
 *
 * @param vector of length 1
 * @param eigenvalue its eigenvalue
 * @param gap the ratio of the two largest eigenvalues
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier: equality is of no interest
record ExactTop(double[] vector, double eigenvalue, double gap) {
  private static final int MOST_STEPS = 400;
  private static final int BETWEEN_CHECKS = 8;

  /** How long the residual may be beside the eigenvalue; the error is its square over the gap's. */
  private static final double CONVERGED = 1e-9;

  private static final int SMALL_STEPS = 20_000;

  /** Solves a matrix of whole rows. */
  static ExactTop of(float[] values, int width, long seed) {
    var basis = new ArrayList<double[]>();
    var diagonal = new double[MOST_STEPS];
    var beside = new double[MOST_STEPS];
    basis.add(new GaussianRows(seed).directions(1, width)[0]);
    int most = Math.min(width, MOST_STEPS);
    for (int step = 0; ; step++) {
      double[] next = multiply(values, basis.get(step));
      diagonal[step] = VectorMath.dot(next, basis.get(step));
      // Twice, as in every method that keeps a basis orthogonal.
      for (int pass = 0; pass < 2; pass++) {
        for (double[] vector : basis) {
          VectorMath.add(vector, -VectorMath.dot(vector, next), next);
        }
      }
      beside[step] = VectorMath.normalize(next);
      boolean exhausted = step + 1 == most || beside[step] <= 1e-13 * diagonal[0];
      if (exhausted || step % BETWEEN_CHECKS == BETWEEN_CHECKS - 1) {
        double[][] small = topTwo(diagonal, beside, step + 1, seed);
        double first = small[2][0];
        double residual = beside[step] * Math.abs(small[0][step]);
        if (exhausted || residual <= CONVERGED * first) {
          return result(basis, small[0], first, small[2][1]);
        }
      }
      basis.add(next);
    }
  }

  private static ExactTop result(
      List<double[]> basis, double[] weights, double first, double second) {
    var vector = new double[basis.get(0).length];
    for (int i = 0; i < weights.length; i++) {
      VectorMath.add(basis.get(i), weights[i], vector);
    }
    VectorMath.normalize(vector);
    return new ExactTop(vector, first, second > 0 ? first / second : Double.MAX_VALUE);
  }

  private static double[] multiply(float[] values, double[] vector) {
    var product = new double[vector.length];
    for (int at = 0; at < values.length; at += vector.length) {
      VectorMath.add(values, at, VectorMath.dot(values, at, vector), product);
    }
    return product;
  }

  /**
   * The top two eigenvectors of the tridiagonal matrix and, third, their eigenvalues: by a power
   * method, since a step costs next to nothing.
   */
  private static double[][] topTwo(double[] diagonal, double[] beside, int n, long seed) {
    double[][] vectors = new GaussianRows(seed).directions(Math.min(2, n), n);
    var eigenvalues = new double[2];
    for (int step = 0; step < SMALL_STEPS; step++) {
      double before = eigenvalues[0] + eigenvalues[1];
      for (int i = 0; i < vectors.length; i++) {
        double[] product = multiply(diagonal, beside, vectors[i]);
        for (int k = 0; k < i; k++) {
          VectorMath.add(vectors[k], -VectorMath.dot(vectors[k], product), product);
        }
        eigenvalues[i] = VectorMath.normalize(product);
        vectors[i] = product;
      }
      if (Math.abs(eigenvalues[0] + eigenvalues[1] - before) <= 1e-16 * before) {
        break;
      }
    }
    return new double[][] {vectors[0], vectors[vectors.length - 1], eigenvalues};
  }

  private static double[] multiply(double[] diagonal, double[] beside, double[] vector) {
    var product = new double[vector.length];
    for (int i = 0; i < vector.length; i++) {
      product[i] = diagonal[i] * vector[i];
      product[i] += i > 0 ? beside[i - 1] * vector[i - 1] : 0;
      product[i] += i + 1 < vector.length ? beside[i] * vector[i + 1] : 0;
    }
    return product;
  }

  /** The squared cosine of the angle between a unit vector and this one. */
  double squaredCosine(double[] other) {
    double cosine = VectorMath.dot(vector, other);
    return Math.min(1, cosine * cosine);
  }
}
