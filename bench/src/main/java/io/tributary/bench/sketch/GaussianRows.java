package io.tributary.bench.sketch;

import java.util.SplittableRandom;

/** Normally distributed numbers from a seed, and directions of rows. */
final class GaussianRows {
  private final SplittableRandom random;
  private double spare;
  private boolean hasSpare;

  GaussianRows(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A normal number, by Marsaglia's polar method. */
  double next() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    while (true) {
      double x = 2 * random.nextDouble() - 1;
      double y = 2 * random.nextDouble() - 1;
      double square = x * x + y * y;
      if (square > 0 && square < 1) {
        double factor = Math.sqrt(-2 * Math.log(square) / square);
        spare = y * factor;
        hasSpare = true;
        return x * factor;
      }
    }
  }

  int nextInt(int bound) {
    return random.nextInt(bound);
  }

  /** Normal values into a part of an array. */
  void fill(float[] values, int from, int count) {
    for (int i = 0; i < count; i++) {
      values[from + i] = (float) next();
    }
  }

  /** Orthonormal directions, each as likely as any other. */
  double[][] directions(int count, int width) {
    var directions = new double[count][width];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < width; j++) {
        directions[i][j] = next();
      }
      for (int k = 0; k < i; k++) {
        double product = VectorMath.dot(directions[k], directions[i]);
        VectorMath.add(directions[k], -product, directions[i]);
      }
      VectorMath.normalize(directions[i]);
    }
    return directions;
  }
}
