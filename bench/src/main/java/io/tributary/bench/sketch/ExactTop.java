package io.tributary.bench.sketch;

import java.util.ArrayList;
import java.util.Arrays;

/**
 * The top eigenvector of {@code AᵀA} and the gap behind it, by a power method over all rows with a
 * few vectors, from the matrix in memory.
 *
 * @param vector of length 1
 * @param eigenvalue its eigenvalue
 * @param gap the ratio of the two largest eigenvalues
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier: equality is of no interest
record ExactTop(double[] vector, double eigenvalue, double gap) {
  private static final int VECTORS = 3;
  private static final int MOST_STEPS = 2000;
  private static final double CONVERGED = 1e-10;

  /** Solves a matrix of whole rows. */
  static ExactTop of(float[] values, int width, long seed) {
    double[][] vectors = new GaussianRows(seed).directions(Math.min(VECTORS, width), width);
    var eigenvalues = new double[vectors.length];
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] before = vectors[0];
      vectors = multiply(values, width, vectors);
      for (int i = 0; i < vectors.length; i++) {
        for (int k = 0; k < i; k++) {
          VectorMath.add(vectors[k], -VectorMath.dot(vectors[k], vectors[i]), vectors[i]);
        }
        eigenvalues[i] = VectorMath.normalize(vectors[i]);
      }
      double cosine = VectorMath.dot(before, vectors[0]);
      if (1 - cosine * cosine < CONVERGED * CONVERGED) {
        break;
      }
    }
    double second = Arrays.stream(eigenvalues).skip(1).max().orElse(0);
    return new ExactTop(
        vectors[0], eigenvalues[0], second > 0 ? eigenvalues[0] / second : Double.MAX_VALUE);
  }

  private static double[][] multiply(float[] values, int width, double[][] vectors) {
    var products = new ArrayList<double[]>();
    for (double[] vector : vectors) {
      var product = new double[width];
      for (int at = 0; at < values.length; at += width) {
        VectorMath.add(values, at, VectorMath.dot(values, at, vector), product);
      }
      products.add(product);
    }
    return products.toArray(double[][]::new);
  }

  /** The squared cosine of the angle between a unit vector and this one. */
  double squaredCosine(double[] other) {
    double cosine = VectorMath.dot(vector, other);
    return Math.min(1, cosine * cosine);
  }
}
