package io.tributary.weights.recipe;

import io.tributary.tensor.RowMatrix;
import io.tributary.weights.PartText;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.allocate.ColumnLevels;
import io.tributary.weights.pack.LevelsLayout;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.pack.ScaleType;
import io.tributary.weights.round.ColumnLoop;
import io.tributary.weights.round.HessianFactor;
import java.util.Arrays;

/**
 * {@code baq:3}: the column loop twice, the second time with more levels for columns that cost more
 * (Zhang et al., arXiv 2506.05664). Each row has one span for all columns.
 */
public final class BaqRecipe implements Recipe {
  /** The recipe's name. */
  public static final String NAME = "baq";

  /** The most bits on average: some columns then get twice the levels. */
  static final int MOST_BITS = 7;

  private static final double DAMPING = 0.01;

  private final int bits;

  private BaqRecipe(int bits) {
    this.bits = bits;
  }

  static BaqRecipe read(PartText text) {
    var recipe = new BaqRecipe(text.number(2, MOST_BITS));
    text.end();
    return recipe;
  }

  /** The codes of a matrix, and what each column lost. */
  record Rounded(LevelsLayout layout, byte[] codes, double[] losses) {}

  @Override
  public boolean isCalibrated() {
    return true;
  }

  @Override
  public EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools) {
    WeightMatrix whole = WeightMatrix.read(tensor, matrix);
    int n = whole.width();
    HessianFactor factor =
        HessianFactor.of(tensor, tools.hessians().of(tensor, n), n, DAMPING, tools.notes());
    float[] ends = ends(whole);
    var equal = new int[n];
    Arrays.fill(equal, 1 << bits);
    Rounded first = round(whole, factor, ends, new LevelsLayout(equal), tools);
    int[] levels = ColumnLevels.share(first.losses, bits, LevelsLayout.MOST_LEVELS);
    Rounded second = round(whole, factor, ends, new LevelsLayout(levels), tools);
    return new EncodedMatrix() {
      @Override
      public RowLayout layout() {
        return second.layout;
      }

      @Override
      public byte[] block(long from, int count, float[] values) {
        return second.layout.pack(second.codes, (int) from * n, ends, (int) from, count);
      }
    };
  }

  /** The least and the largest value of each row, zero among them, in half precision. */
  static float[] ends(WeightMatrix matrix) {
    var ends = new float[2 * matrix.rows()];
    for (int i = 0; i < matrix.rows(); i++) {
      float low = 0;
      float high = 0;
      for (int j = i * matrix.width(); j < (i + 1) * matrix.width(); j++) {
        low = Math.min(low, matrix.values()[j]);
        high = Math.max(high, matrix.values()[j]);
      }
      ends[2 * i] = ScaleType.F16.round(low);
      ends[2 * i + 1] = ScaleType.F16.round(high);
    }
    return ends;
  }

  static Rounded round(
      WeightMatrix matrix, HessianFactor factor, float[] ends, LevelsLayout layout, Tools tools) {
    int n = matrix.width();
    var codes = new byte[matrix.values().length];
    var parts = new double[(matrix.rows() + ColumnLoop.ROWS - 1) / ColumnLoop.ROWS][n];
    var loop = new ColumnLoop(factor, n);
    tools
        .workers()
        .forEach(
            matrix.rows(),
            ColumnLoop.ROWS,
            (from, to) -> {
              double[] losses = parts[from / ColumnLoop.ROWS];
              loop.round(
                  matrix.values(),
                  from,
                  to,
                  (row, column, weight) -> {
                    float low = ends[2 * row];
                    float high = ends[2 * row + 1];
                    int code = layout.code(weight, low, high, column);
                    codes[row * n + column] = (byte) code;
                    float value = layout.value(code, low, high, column);
                    double error = (weight - value) / factor.diagonal(column);
                    losses[column] += error * error / 2;
                    return value;
                  });
            });
    var losses = new double[n];
    for (double[] part : parts) {
      for (int j = 0; j < n; j++) {
        losses[j] += part[j];
      }
    }
    return new Rounded(layout, codes, losses);
  }

  @Override
  public String toString() {
    return NAME + ":" + bits;
  }
}
