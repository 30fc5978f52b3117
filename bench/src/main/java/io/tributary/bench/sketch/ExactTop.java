package io.tributary.bench.sketch;

import java.util.Arrays;

/**
 * The top eigenvector of {@code AᵀA} and the gap behind it, by a power method with a few vectors on
 * that matrix, which is built in full.
 *
 * @param vector of length 1
 * @param eigenvalue its eigenvalue
 * @param gap the ratio of the two largest eigenvalues
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier: equality is of no interest
record ExactTop(double[] vector, double eigenvalue, double gap) {
  private static final int VECTORS = 3;
  private static final int MOST_STEPS = 3000;
  private static final double CONVERGED = 1e-14;
  private static final int ROWS = 4;

  /** Solves a matrix of whole rows. */
  static ExactTop of(float[] values, int width, long seed) {
    double[][] gram = gram(values, width);
    double[][] vectors = new GaussianRows(seed).directions(Math.min(VECTORS, width), width);
    var eigenvalues = new double[vectors.length];
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] before = vectors[0];
      for (int i = 0; i < vectors.length; i++) {
        vectors[i] = multiply(gram, vectors[i]);
        for (int k = 0; k < i; k++) {
          VectorMath.add(vectors[k], -VectorMath.dot(vectors[k], vectors[i]), vectors[i]);
        }
        eigenvalues[i] = VectorMath.normalize(vectors[i]);
      }
      double cosine = VectorMath.dot(before, vectors[0]);
      if (1 - cosine * cosine < CONVERGED) {
        break;
      }
    }
    double second = Arrays.stream(eigenvalues).skip(1).max().orElse(0);
    return new ExactTop(
        vectors[0], eigenvalues[0], second > 0 ? eigenvalues[0] / second : Double.MAX_VALUE);
  }

  private static double[][] gram(float[] values, int width) {
    var gram = new double[width][width];
    var rows = new double[ROWS][width];
    for (int from = 0; from < values.length; from += ROWS * width) {
      for (int r = 0; r < ROWS; r++) {
        for (int j = 0; j < width; j++) {
          int at = from + r * width + j;
          rows[r][j] = at < values.length ? values[at] : 0;
        }
      }
      for (int i = 0; i < width; i++) {
        addRows(rows, i, gram[i]);
      }
    }
    return gram;
  }

  private static void addRows(double[][] rows, int i, double[] target) {
    double[] a = rows[0];
    double[] b = rows[1];
    double[] c = rows[2];
    double[] d = rows[3];
    double first = a[i];
    double second = b[i];
    double third = c[i];
    double fourth = d[i];
    for (int j = 0; j < target.length; j++) {
      target[j] += first * a[j] + second * b[j] + third * c[j] + fourth * d[j];
    }
  }

  private static double[] multiply(double[][] gram, double[] vector) {
    var product = new double[vector.length];
    for (int i = 0; i < vector.length; i++) {
      VectorMath.add(gram[i], vector[i], product);
    }
    return product;
  }

  /** The squared cosine of the angle between a unit vector and this one. */
  double squaredCosine(double[] other) {
    double cosine = VectorMath.dot(vector, other);
    return Math.min(1, cosine * cosine);
  }
}
