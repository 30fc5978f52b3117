package io.tributary.weights.recipe;

import io.tributary.tensor.RowMatrix;
import io.tributary.weights.PartText;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.pack.GridLayout;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.ScaleType;
import io.tributary.weights.round.ColumnLoop;
import io.tributary.weights.round.GreedyPasses;
import io.tributary.weights.round.HessianFactor;
import io.tributary.weights.transform.ColumnRotation;
import io.tributary.weights.transform.ColumnScales;
import java.util.List;

/**
 * {@code quip:2}: columns scaled against their inputs, rows rotated, then the column loop on one
 * grid for each row (Chee et al., arXiv 2307.13304). {@code span=2.4} is the grid's end in root
 * mean squares of the row, {@code greedy=5} the most passes of coordinate descent behind the loop,
 * {@code seed=1} that of the rotation.
 *
 * <p>The paper rotates columns of the matrix too and has one grid for all rows. A grid for each row
 * takes what that gives, at 16 bits a row, and rows can then be decoded one by one.
 */
public final class QuipRecipe implements Recipe {
  /** The recipe's name. */
  public static final String NAME = "quip";

  private static final double DAMPING = 0.01;
  private static final double SPAN = 2.4;
  private static final int GREEDY = 5;
  private static final double LEAST = 1e-8;

  private final int bits;
  private final double span;
  private final int greedy;
  private final int seed;

  private QuipRecipe(int bits, double span, int greedy, int seed) {
    this.bits = bits;
    this.span = span;
    this.greedy = greedy;
    this.seed = seed;
  }

  static QuipRecipe read(PartText text) {
    var recipe =
        new QuipRecipe(
            text.number(2, 8),
            text.decimal("span", SPAN, 0.5, 10),
            text.integer("greedy", GREEDY, 0, 100),
            text.integer("seed", 1, 0, 999_999_999));
    text.end();
    return recipe;
  }

  @Override
  public boolean isCalibrated() {
    return true;
  }

  @Override
  public EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools) {
    WeightMatrix whole = WeightMatrix.read(tensor, matrix);
    int n = whole.width();
    float[] values = whole.values();
    double[] hessian = tools.hessians().of(tensor, n);
    ColumnScales scales = ColumnScales.near(scales(whole, hessian));
    var rotation = new ColumnRotation(seed, n);
    scales.apply(values, 0, whole.rows(), n);
    scales.applyToHessian(hessian, n);
    rotation.apply(values, 0, whole.rows(), n);
    rotation.applyToHessian(hessian, n);
    HessianFactor factor = HessianFactor.of(tensor, hessian, n, DAMPING, tools.notes());
    var layout = new GridLayout(bits, 0, ScaleType.F16, ZeroForm.MIDDLE);
    var grid = GridMatrix.empty(layout, whole.rows(), n);
    var loop = new ColumnLoop(factor, n);
    var rounder = new RowGrids(grid);
    tools
        .workers()
        .forEach(
            whole.rows(),
            ColumnLoop.ROWS,
            (from, to) -> {
              loop.round(values, from, to, rounder);
              GreedyPasses.improve(values, factor.damped(), grid, from, to, greedy);
            });
    return EncodedMatrix.of(grid, List.of(scales, rotation));
  }

  /** What makes the columns of matrix and Hessian equally large: (w² / h)^(1/4). */
  private static double[] scales(WeightMatrix matrix, double[] hessian) {
    int n = matrix.width();
    var squares = new double[n];
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < n; j++) {
        double value = matrix.values()[i * n + j];
        squares[j] += value * value;
      }
    }
    double most = 0;
    for (int j = 0; j < n; j++) {
      most = Math.max(most, hessian[j * n + j]);
    }
    var scales = new double[n];
    for (int j = 0; j < n; j++) {
      double seen = Math.max(hessian[j * n + j] / most, LEAST);
      scales[j] = Math.sqrt(Math.sqrt(Math.max(squares[j], LEAST) / seen));
    }
    return scales;
  }

  /** Gives each row its grid when its first column comes. */
  private final class RowGrids implements ColumnLoop.Rounder {
    private final GridMatrix grid;

    RowGrids(GridMatrix grid) {
      this.grid = grid;
    }

    @Override
    public void begin(int row, int column, double[] weights, int at, int count) {
      double squares = 0;
      for (int j = at; j < at + count; j++) {
        squares += weights[j] * weights[j];
      }
      double end = span * Math.sqrt(squares / count);
      grid.scales()[row] = ScaleType.F16.round((float) (2 * end / ((1 << bits) - 1)));
    }

    @Override
    public double round(int row, int column, double weight) {
      return grid.round(row, column, weight);
    }
  }

  @Override
  public String toString() {
    return NAME
        + ":"
        + bits
        + (span == SPAN ? "" : ",span=" + span)
        + (greedy == GREEDY ? "" : ",greedy=" + greedy)
        + (seed == 1 ? "" : ",seed=" + seed);
  }
}
