package io.tributary.codecs.lowrank;

import java.util.Arrays;

/**
 * The top directions of a matrix's rows by subspace iteration, with arrays that are kept from call
 * to call. For one thread at a time.
 */
final class LowRankDirections {
  /** Steps of the power method; a step costs as much as all that follows. */
  static final int PASSES = 3;

  /** What is left of a column after the others' part went; below it, it depends on them. */
  private static final double DEPENDENT = 1e-6;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** The columns: column {@code c} begins at {@code c * width}. */
  double[] columns = new double[0];

  private double[] sums = new double[0];

  /**
   * Finds directions.
   *
   * @param unit what values are multiplied with first, a power of two that keeps squares in bounds
   * @return how many there are in {@link #columns}, at most {@code rank}; 0 for a matrix of zeros
   */
  int find(float[] source, int from, int count, int width, int rank, double unit) {
    if (columns.length < rank * width) {
      columns = new double[rank * width];
      sums = new double[rank * width];
    }
    for (int i = 0; i < rank * width; i++) {
      columns[i] = noise(i);
    }
    int left = orthonormalize(rank, width);
    for (int pass = 0; pass < PASSES && left > 0; pass++) {
      Arrays.fill(sums, 0, left * width, 0);
      for (int i = 0; i < count; i += width) {
        int values = Math.min(width, count - i);
        for (int c = 0; c < left; c++) {
          double product = unit * product(source, from + i, values, c * width);
          for (int j = 0; j < values; j++) {
            sums[c * width + j] += product * source[from + i + j];
          }
        }
      }
      System.arraycopy(sums, 0, columns, 0, left * width);
      left = orthonormalize(left, width);
    }
    return left;
  }

  /** The product of a row with the column that begins at an offset. */
  double product(float[] source, int from, int count, int column) {
    double sum = 0;
    for (int j = 0; j < count; j++) {
      sum += source[from + j] * columns[column + j];
    }
    return sum;
  }

  /** A number between -1 and 1 (SplitMix64; Steele, Lea and Flood, 2014). */
  private static double noise(int index) {
    long z = (index + 1) * GOLDEN;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return ((z ^ z >>> 31) >> 11) * 0x1p-52;
  }

  /** Makes the first columns orthonormal; returns how many of them don't depend on others. */
  private int orthonormalize(int count, int width) {
    int kept = 0;
    for (int c = 0; c < count; c++) {
      if (kept < c) {
        System.arraycopy(columns, c * width, columns, kept * width, width);
      }
      double before = length(kept, width);
      if (!(before > 0)) {
        continue;
      }
      // Twice is enough (Kahan and Parlett), unless the column depends on the others.
      for (int pass = 0; pass < 2; pass++) {
        for (int other = 0; other < kept; other++) {
          double product = 0;
          for (int j = 0; j < width; j++) {
            product += columns[other * width + j] * columns[kept * width + j];
          }
          for (int j = 0; j < width; j++) {
            columns[kept * width + j] -= product * columns[other * width + j];
          }
        }
      }
      double length = length(kept, width);
      if (length > DEPENDENT * before) {
        for (int j = 0; j < width; j++) {
          columns[kept * width + j] /= length;
        }
        kept++;
      }
    }
    return kept;
  }

  private double length(int column, int width) {
    double sum = 0;
    for (int j = 0; j < width; j++) {
      double value = columns[column * width + j];
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
