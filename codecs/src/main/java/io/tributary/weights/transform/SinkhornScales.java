package io.tributary.weights.transform;

import io.tributary.weights.RowWorkers;
import io.tributary.weights.WeightMatrix;
import java.util.Arrays;

/**
 * Scales of columns with which the standard deviations of rows and columns of each tile become
 * nearly equal, so that one loud column no longer makes the steps of whole rows coarse: SINQ
 * (Müller et al., arXiv 2509.22944).
 *
 * <p>A tile is all rows of {@code width} columns. Rows and columns are divided by their deviations
 * over the smallest of all, damped and bounded, up to 16 times, and the scales with the least
 * imbalance are kept: the largest deviation of a row or column over the smallest. The rows' scales
 * are not told: a grid that each row of a tile has to itself follows them by itself.
 */
public final class SinkhornScales {
  private static final int ITERATIONS = 16;
  private static final double LEAST_DEVIATION = 1e-3;
  private static final double MOST_DEVIATION = 1e3;
  private static final double LEAST_STEP = 0.7;
  private static final double MOST_STEP = 2;
  private static final double LEAST_LOG = -0.3;
  private static final double MOST_LOG = 10;

  private SinkhornScales() {}

  /**
   * What was found.
   *
   * @param columns the scale that each column is to be divided by
   * @param before the mean over tiles of the imbalance at first
   * @param after the same at last
   */
  public record Found(double[] columns, double before, double after) {}

  /** Finds the scales of all tiles of up to {@code width} columns. */
  public static Found find(WeightMatrix matrix, int width, RowWorkers workers) {
    int n = matrix.width();
    int tiles = (n + width - 1) / width;
    var columns = new double[n];
    var before = new double[tiles];
    var after = new double[tiles];
    workers.forEach(
        tiles,
        1,
        (from, to) -> {
          var tile = new Tile(matrix, from * width, Math.min(width, n - from * width));
          before[from] = tile.best;
          tile.iterate();
          after[from] = tile.best;
          System.arraycopy(tile.bestColumns, 0, columns, from * width, tile.width);
        });
    return new Found(columns, mean(before), mean(after));
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** The iteration of one tile. */
  private static final class Tile {
    private final int rows;
    private final int width;
    private final double[] values;
    private final double[] logOfColumns;
    private final double[] logOfRows;
    private final double[] columnDeviations;
    private final double[] rowDeviations;
    private final double[] bestColumns;
    private double best;

    Tile(WeightMatrix matrix, int first, int width) {
      this.width = width;
      rows = matrix.rows();
      values = new double[rows * width];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < width; j++) {
          values[i * width + j] = matrix.values()[i * matrix.width() + first + j];
        }
      }
      logOfColumns = new double[width];
      logOfRows = new double[rows];
      columnDeviations = new double[width];
      rowDeviations = new double[rows];
      bestColumns = new double[width];
      Arrays.fill(bestColumns, 1);
      best = imbalance();
    }

    void iterate() {
      double target = Math.min(least(columnDeviations), least(rowDeviations)) + 1e-6;
      for (int i = 0; i < ITERATIONS; i++) {
        step(logOfColumns, columnDeviations, target);
        step(logOfRows, rowDeviations, target);
        double found = imbalance();
        if (found > best) {
          return;
        }
        best = found;
        for (int j = 0; j < width; j++) {
          bestColumns[j] = StrictMath.exp(logOfColumns[j]);
        }
      }
    }

    private static double least(double[] deviations) {
      double least = MOST_DEVIATION;
      for (double deviation : deviations) {
        least = Math.min(least, bounded(deviation));
      }
      return least;
    }

    private static double bounded(double deviation) {
      return Math.max(LEAST_DEVIATION, Math.min(MOST_DEVIATION, deviation));
    }

    private static void step(double[] logs, double[] deviations, double target) {
      for (int i = 0; i < logs.length; i++) {
        double step = bounded(deviations[i]) / target;
        double log = StrictMath.log(Math.max(LEAST_STEP, Math.min(MOST_STEP, step)));
        logs[i] = Math.max(LEAST_LOG, Math.min(MOST_LOG, logs[i] + log));
      }
    }

    /** Takes the deviations of the tile as the present scales leave it, and their imbalance. */
    private double imbalance() {
      var factors = new double[width];
      for (int j = 0; j < width; j++) {
        factors[j] = StrictMath.exp(-logOfColumns[j]);
      }
      var sums = new double[width];
      var squares = new double[width];
      var scaled = new double[width];
      for (int i = 0; i < rows; i++) {
        double factor = StrictMath.exp(-logOfRows[i]);
        int at = i * width;
        for (int j = 0; j < width; j++) {
          double value = values[at + j] * factors[j] * factor;
          scaled[j] = value;
          sums[j] += value;
          squares[j] += value * value;
        }
        double sum = 0;
        double square = 0;
        for (double value : scaled) {
          sum += value;
          square += value * value;
        }
        rowDeviations[i] = deviation(sum, square, width);
      }
      for (int j = 0; j < width; j++) {
        columnDeviations[j] = deviation(sums[j], squares[j], rows);
      }
      double least = Double.POSITIVE_INFINITY;
      double most = 0;
      for (double[] deviations : new double[][] {rowDeviations, columnDeviations}) {
        for (double deviation : deviations) {
          least = Math.min(least, deviation);
          most = Math.max(most, deviation);
        }
      }
      return most / Math.max(1e-12, least);
    }

    private static double deviation(double sum, double squares, int count) {
      double variance = (squares - sum * sum / count) / Math.max(1, count - 1);
      return Math.sqrt(Math.max(0, variance));
    }
  }
}
