package io.tributary.weights.round;

import io.tributary.weights.pack.GridLayout;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.ScaleType;
import io.tributary.weights.pack.SparseMatrix;

/**
 * Rounds in a {@link ColumnLoop} to small groups, keeps the values apart whose rounding would hurt
 * most, and rounds the groups' scales and zeros too: SpQR (Dettmers et al., arXiv 2306.03078).
 *
 * <p>When a group begins, values whose absence would lower the loss of the rest by more than the
 * threshold are left out of its span. A value is kept apart when its own loss exceeds the threshold
 * in the end. For one thread.
 */
public final class SparseRounder implements ColumnLoop.Rounder {
  private static final int SIDE = SparseMatrix.side();

  private final SparseMatrix matrix;
  private final HessianFactor factor;
  private final int top;
  private final double threshold;
  private final GridFit statistics;
  private final float[] scales = new float[SIDE];
  private final float[] zeros = new float[SIDE];

  /** Least, largest and step of the group fitted last. */
  private float low;

  private float step;

  /**
   * A rounder that fills rows of a matrix.
   *
   * @param bits of a weight's code
   * @param statisticsBits of a scale's or zero's code
   * @param threshold the loss above which a value is kept apart
   */
  public SparseRounder(
      SparseMatrix matrix, HessianFactor factor, int bits, int statisticsBits, double threshold) {
    this.matrix = matrix;
    this.factor = factor;
    this.threshold = threshold;
    top = (1 << bits) - 1;
    statistics = new GridFit(new GridLayout(statisticsBits, 0, ScaleType.F16, ZeroForm.F16), false);
  }

  /**
   * The threshold for a matrix: a share of the columns' mean variance over the squared diagonal.
   *
   * @param weights row after row
   */
  public static double threshold(float[] weights, int rows, HessianFactor factor, double share) {
    int n = factor.n();
    double sum = 0;
    for (int j = 0; j < n; j++) {
      double mean = 0;
      double squares = 0;
      for (int i = 0; i < rows; i++) {
        double weight = weights[i * n + j];
        mean += weight / rows;
        squares += weight * weight;
      }
      double variance = (squares - rows * mean * mean) / Math.max(1, rows - 1);
      sum += variance / (factor.diagonal(j) * factor.diagonal(j));
    }
    return share * sum / n;
  }

  @Override
  public void begin(int row, int column, double[] weights, int at, int count) {
    var group = new float[count];
    for (int k = 0; k < count; k++) {
      group[k] = (float) weights[at + k];
    }
    boolean[] left = likelyOutliers(group, column);
    double sum = 0;
    int others = 0;
    for (int k = 0; k < count; k++) {
      if (!left[k]) {
        sum += group[k];
        others++;
      }
    }
    for (int k = 0; k < count; k++) {
      group[k] = left[k] ? (float) (sum / Math.max(1, others)) : group[k];
    }
    span(group, -1);
    scales[row % SIDE] = step;
    zeros[row % SIDE] = -low / step;
  }

  private boolean[] likelyOutliers(float[] group, int column) {
    var left = new boolean[group.length];
    if (threshold == Double.POSITIVE_INFINITY || group.length < 2) {
      return left;
    }
    span(group, -1);
    double base = loss(group, column, -1);
    for (int k = 0; k < group.length; k++) {
      span(group, k);
      left[k] = base - loss(group, column, k) > threshold;
    }
    return left;
  }

  /** Fits the grid to a group but for one value. */
  private void span(float[] group, int without) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < group.length; k++) {
      if (k != without) {
        least = Math.min(least, group[k]);
        most = Math.max(most, group[k]);
      }
    }
    if (least == most) {
      least = -1;
      most = 1;
    }
    low = least;
    step = Math.max(1e-9f, (most - least) / top);
  }

  private double loss(float[] group, int column, int without) {
    double loss = 0;
    for (int k = 0; k < group.length; k++) {
      if (k != without) {
        double code = Math.max(0, Math.min(top, Math.rint((group[k] - low) / step)));
        double error = (low + step * code - group[k]) / factor.diagonal(column + k);
        loss += error * error;
      }
    }
    return loss;
  }

  @Override
  public void begun(int first, int rows, int column) {
    GridMatrix ofScales = rounded(scales, rows);
    GridMatrix ofZeros = rounded(zeros, rows);
    matrix.setTile(
        first,
        column,
        new float[] {ofScales.scales()[0], ofScales.zeros()[0]},
        new float[] {ofZeros.scales()[0], ofZeros.zeros()[0]});
    for (int r = 0; r < rows; r++) {
      matrix.setGroup(first + r, column, ofScales.codes()[r], ofZeros.codes()[r]);
    }
  }

  private GridMatrix rounded(float[] values, int count) {
    var grid = GridMatrix.empty(statistics.layout(), 1, count);
    statistics.fit(values, 0, count, grid, 0);
    for (int r = 0; r < count; r++) {
      var unused = grid.round(0, r, values[r]);
    }
    return grid;
  }

  @Override
  public double round(int row, int column, double weight) {
    double value = matrix.round(row, column, weight);
    double error = (weight - value) / factor.diagonal(column);
    if (error * error > threshold) {
      float half = ScaleType.F16.round((float) weight);
      var unused = matrix.round(row, column, 0);
      matrix.keep(row, column, half);
      return half;
    }
    return value;
  }
}
