package io.tributary.codecs.sketch;

import io.tributary.codecs.internal.BackendSupport;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Rows with a known top eigenvector, in memory and in random order unless a method says otherwise.
 */
final class RowStreams {
  private RowStreams() {}

  /**
   * Some rows with the exact top eigenvector of their Gram matrix.
   *
   * @param gap the ratio of the two largest eigenvalues
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Stream(float[] values, int width, double[] top, double gap) {
    int rows() {
      return values.length / width;
    }

    double agreement(double[] vector) {
      return squaredCosine(vector, top);
    }
  }

  static double squaredCosine(double[] a, double[] b) {
    double product = 0;
    double one = 0;
    double other = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      one += a[i] * a[i];
      other += b[i] * b[i];
    }
    return product * product / (one * other);
  }

  /** Normal rows, {@code ratio} times as much variance along one direction as along the others. */
  static Stream light(int width, int rows, double ratio, long seed) {
    var random = new SplittableRandom(seed);
    double[] spike = direction(width, random);
    var values = new float[width * rows];
    for (int i = 0; i < rows; i++) {
      normalRow(values, i * width, width, random);
      add(values, i * width, spike, random.nextGaussian() * Math.sqrt(ratio - 1));
    }
    return solved(values, width, spike);
  }

  /**
   * Normal rows, and {@code copies} equal ones that carry the top direction, the last at the end.
   */
  static Stream heavy(int width, int rows, double ratio, int copies, boolean late, long seed) {
    var random = new SplittableRandom(seed);
    double[] spike = direction(width, random);
    var values = new float[width * rows];
    for (int i = 0; i < rows; i++) {
      normalRow(values, i * width, width, random);
      if (late) {
        add(values, i * width, spike, -product(values, i * width, spike));
      }
    }
    for (int copy = 0; copy < copies; copy++) {
      int at = late ? rows - 1 - copy : random.nextInt(rows);
      for (int j = 0; j < width; j++) {
        values[at * width + j] = (float) (spike[j] * Math.sqrt(ratio * rows / copies));
      }
    }
    return solved(values, width, spike);
  }

  static double[] direction(int width, RandomGenerator random) {
    var direction = new double[width];
    for (int j = 0; j < width; j++) {
      direction[j] = random.nextGaussian();
    }
    Basis.normalize(direction, 0, width);
    return direction;
  }

  static void normalRow(float[] values, int at, int width, RandomGenerator random) {
    for (int j = 0; j < width; j++) {
      values[at + j] = (float) random.nextGaussian();
    }
  }

  static void add(float[] values, int at, double[] direction, double factor) {
    for (int j = 0; j < direction.length; j++) {
      values[at + j] += (float) (direction[j] * factor);
    }
  }

  private static double product(float[] values, int at, double[] direction) {
    double sum = 0;
    for (int j = 0; j < direction.length; j++) {
      sum += values[at + j] * direction[j];
    }
    return sum;
  }

  /** Finds the top two eigenvectors exactly, by many steps of a power method over all rows. */
  static Stream solved(float[] values, int width, double[] start) {
    SketchKernel kernel = SketchProvider.kernel(BackendSupport.processor());
    int rows = values.length / width;
    var products = new double[2 * SketchKernel.TILE];
    var vectors = new double[2 * width];
    System.arraycopy(start, 0, vectors, 0, width);
    Basis.randomize(vectors, width, width, 99, 0);
    Basis.orthonormalize(vectors, 0, width);
    Basis.orthonormalize(vectors, 1, width);
    double first = 0;
    double second = 0;
    for (int step = 0; step < 60; step++) {
      double[] before = vectors;
      vectors = new double[2 * width];
      for (int row = 0; row < rows; row += SketchKernel.TILE) {
        int count = Math.min(SketchKernel.TILE, rows - row);
        kernel.project(values, row * width, count, width, before, 2, products, vectors);
      }
      first = Basis.dot(before, 0, vectors, 0, width);
      second = Basis.dot(before, width, vectors, width, width);
      Basis.orthonormalize(vectors, 0, width);
      Basis.orthonormalize(vectors, 1, width);
      if (1 - Math.abs(Basis.dot(before, 0, vectors, 0, width)) < 1e-10) {
        break;
      }
    }
    return new Stream(
        values, width, java.util.Arrays.copyOf(vectors, width), second > 0 ? first / second : 0);
  }
}
