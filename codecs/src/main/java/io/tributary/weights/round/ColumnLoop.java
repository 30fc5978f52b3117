package io.tributary.weights.round;

import java.util.Arrays;

/**
 * Rounds columns one after the other, and lets the columns that are left make up for each error as
 * well as they can: GPTQ (Frantar et al., arXiv 2210.17323), which is LDLQ of QuIP (Chee et al.,
 * arXiv 2307.13304) with the columns in the opposite order.
 *
 * <p>With U of {@link HessianFactor}, the error e of column j over {@code U[j][j]} is subtracted
 * from the columns behind it in proportion to {@code U[j]}. The squares of those quotients add up
 * to the rows' whole loss {@code tr(E H Eᵀ)} with the damped H.
 *
 * <p>Rows are worked on in panels, so that a row of U serves several of them while it is in the
 * cache. Within a block of columns corrections are made at once, behind it when the block is done;
 * where blocks end changes nothing but the order of additions.
 */
public final class ColumnLoop {
  /** Rows of a panel, which one thread works on. */
  public static final int ROWS = 16;

  private static final int BLOCK = 128;

  private final HessianFactor factor;
  private final int groupWidth;
  private final int block;

  /**
   * A loop.
   *
   * @param groupWidth columns of a group; {@link Rounder#begin} sees all corrections before them
   */
  public ColumnLoop(HessianFactor factor, int groupWidth) {
    this(factor, groupWidth, BLOCK);
  }

  ColumnLoop(HessianFactor factor, int groupWidth, int block) {
    this.factor = factor;
    this.groupWidth = groupWidth;
    this.block = block;
  }

  /** What a weight becomes. */
  @FunctionalInterface
  public interface Rounder {
    /**
     * A group of columns begins.
     *
     * @param weights a row's weights of the group, as corrected so far, from {@code at}
     */
    default void begin(int row, int column, double[] weights, int at, int count) {}

    /** {@link #begin} was called for all rows of a panel, which {@code first} begins. */
    default void begun(int first, int rows, int column) {}

    /** The value that a weight becomes. */
    double round(int row, int column, double weight);
  }

  /**
   * Rounds some rows.
   *
   * @param weights of all rows
   * @param from the first row
   * @param to behind the last row
   * @return the loss of these rows
   */
  public double round(float[] weights, int from, int to, Rounder rounder) {
    double loss = 0;
    for (int first = from; first < to; first += ROWS) {
      loss += panel(weights, first, Math.min(ROWS, to - first), rounder);
    }
    return loss;
  }

  private double panel(float[] weights, int first, int rows, Rounder rounder) {
    int n = factor.n();
    double[] upper = factor.upper();
    var panel = new double[rows * n];
    for (int i = 0; i < panel.length; i++) {
      panel[i] = weights[first * n + i];
    }
    var errors = new double[rows * block];
    double loss = 0;
    for (int start = 0; start < n; ) {
      int groupEnd = (start / groupWidth + 1) * groupWidth;
      int end = Math.min(n, start + block);
      if (groupEnd < end) {
        // As many whole groups as fit, so that none is begun before its corrections are made.
        end = start + (end - start) / groupWidth * groupWidth;
        end = Math.max(end, groupEnd);
      } else {
        end = Math.min(end, groupEnd);
      }
      for (int j = start; j < end; j++) {
        double diagonal = upper[j * n + j];
        if (j % groupWidth == 0) {
          for (int r = 0; r < rows; r++) {
            rounder.begin(first + r, j, panel, r * n + j, Math.min(groupWidth, n - j));
          }
          rounder.begun(first, rows, j);
        }
        for (int r = 0; r < rows; r++) {
          int row = r * n;
          double weight = panel[row + j];
          double error = (weight - rounder.round(first + r, j, weight)) / diagonal;
          loss += error * error;
          errors[r * block + j - start] = error;
          HessianFactor.subtract(error, upper, j * n + j + 1, panel, row + j + 1, end - j - 1);
        }
      }
      for (int r = 0; r < rows; r++) {
        correct(panel, r * n, errors, r * block, start, end);
      }
      Arrays.fill(errors, 0);
      start = end;
    }
    return loss;
  }

  /** Subtracts a block's errors from the columns behind it, four at a time. */
  private void correct(double[] panel, int row, double[] errors, int at, int start, int end) {
    int n = factor.n();
    double[] upper = factor.upper();
    int count = n - end;
    int j = start;
    for (; j + 4 <= end; j += 4) {
      double a = errors[at + j - start];
      double b = errors[at + j - start + 1];
      double c = errors[at + j - start + 2];
      double d = errors[at + j - start + 3];
      int from = j * n + end;
      int to = row + end;
      for (int k = 0; k < count; k++) {
        panel[to + k] -=
            a * upper[from + k]
                + b * upper[from + n + k]
                + c * upper[from + 2 * n + k]
                + d * upper[from + 3 * n + k];
      }
    }
    for (; j < end; j++) {
      HessianFactor.subtract(errors[at + j - start], upper, j * n + end, panel, row + end, count);
    }
  }
}
