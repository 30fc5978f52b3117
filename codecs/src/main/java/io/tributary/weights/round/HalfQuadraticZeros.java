package io.tributary.weights.round;

import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.ScaleType;

/**
 * Rounding to nearest on grids whose zeros are searched: HQQ (Badri and Shaji, "Half-Quadratic
 * Quantization of Large Machine Learning Models", 2023).
 *
 * <p>The scale stays that of the group's span. The zero is moved so that the sum of |error|^p with
 * p = 0.7 falls, by half-quadratic splitting: errors are shrunk as that norm's proximal operator
 * shrinks them, and the zero follows what is left. Each group stops when its mean |error| no longer
 * falls, and keeps the zero with the smallest; the paper's code stops a whole tensor at once.
 *
 * <p>The threshold 1/β of the shrinking is absolute, as published: the method isn't free of scale,
 * and weights of another magnitude than a trained model's may gain less.
 */
public final class HalfQuadraticZeros {
  private static final double P = 0.7;
  private static final double BETA = 10;
  private static final double KAPPA = 1.01;
  private static final int ITERATIONS = 20;

  private HalfQuadraticZeros() {}

  /** Fits all groups of the rows from {@code from} up to {@code to} and rounds their weights. */
  public static void round(float[] weights, GridFit fit, GridMatrix grid, int from, int to) {
    int width = grid.width();
    int groupWidth = grid.layout().groupWidth(width);
    for (int row = from; row < to; row++) {
      for (int first = 0; first < width; first += groupWidth) {
        int count = Math.min(groupWidth, width - first);
        int group = grid.group(row, first);
        int at = row * width + first;
        fit.fit(weights, at, count, grid, group);
        search(weights, at, count, grid, group);
        NearestRounding.codes(weights, at, count, grid, group);
      }
    }
  }

  private static void search(float[] weights, int at, int count, GridMatrix grid, int group) {
    float scale = grid.scales()[group];
    if (scale == 0) {
      return;
    }
    int top = (1 << grid.layout().bits()) - 1;
    float zero = grid.zeros()[group];
    float kept = zero;
    double best = Double.POSITIVE_INFINITY;
    double beta = BETA;
    for (int i = 0; i < ITERATIONS; i++) {
      double error = 0;
      double sum = 0;
      for (int j = at; j < at + count; j++) {
        double weight = weights[j];
        double code = Math.max(0, Math.min(top, Math.rint(weight / scale + zero)));
        double off = weight - scale * (code - zero);
        error += Math.abs(off);
        sum += code - (weight - shrunk(off, beta)) / scale;
      }
      if (error >= best) {
        break;
      }
      best = error;
      kept = zero;
      zero = ScaleType.F16.round((float) (sum / count));
      beta *= KAPPA;
    }
    grid.zeros()[group] = kept;
  }

  /** The proximal operator of |e|^p, as the paper approximates it. */
  private static double shrunk(double error, double beta) {
    double magnitude = Math.abs(error);
    if (magnitude == 0) {
      return 0;
    }
    double left = magnitude - StrictMath.pow(magnitude, P - 1) / beta;
    return left <= 0 ? 0 : Math.copySign(left, error);
  }
}
