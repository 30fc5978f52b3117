package io.tributary.weights.allocate;

/**
 * Levels for the columns of a matrix, more for those whose rounding costs more, under a fixed mean
 * of their bits: BAQ (Zhang et al., arXiv 2506.05664).
 *
 * <p>Where a column's loss falls as 2^(-p R) with its bits R, the sum of losses is least when all
 * are equal: {@code R = mean + log2(loss / geometric mean) / p}. In theory p is 2; the paper's code
 * takes 1.95.
 */
public final class ColumnLevels {
  private static final double P = 1.95;
  private static final double TINY = 1e-300;

  private ColumnLevels() {}

  /**
   * Shares bits among columns.
   *
   * @param losses of the columns at equal bits
   * @param bits on average
   * @param most levels
   * @return the levels of each column, at least 1
   */
  public static int[] share(double[] losses, double bits, int most) {
    double logarithms = 0;
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    double floor = Math.max(TINY, 1e-8 * sum / losses.length);
    for (double loss : losses) {
      logarithms += StrictMath.log(loss + floor) / losses.length;
    }
    var levels = new int[losses.length];
    for (int j = 0; j < levels.length; j++) {
      double ratio = (StrictMath.log(losses[j] + floor) - logarithms) / P;
      double wanted = Math.rint(StrictMath.exp(ratio + bits * StrictMath.log(2)));
      levels[j] = (int) Math.max(1, Math.min(most, wanted));
    }
    return levels;
  }

  /** The mean of the columns' bits, as an entropy coder would count them. */
  public static double bits(int[] levels) {
    double bits = 0;
    for (int count : levels) {
      bits += StrictMath.log(count) / StrictMath.log(2) / levels.length;
    }
    return bits;
  }
}
