package io.tributary.weights.recipe;

import io.tributary.tensor.RowMatrix;
import io.tributary.weights.OutputLoss;
import io.tributary.weights.PartText;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.round.GridFit;
import io.tributary.weights.round.NearestRounding;
import io.tributary.weights.transform.ActivationScales;
import io.tributary.weights.transform.ColumnScales;
import java.util.List;

/**
 * {@code awq:3,g=128}: columns scaled by the size of their inputs, then to nearest (Lin et al.,
 * arXiv 2306.00978). The power is the one of twenty with the least loss of this matrix's outputs.
 *
 * <p>The paper searches one scale for matrices that share inputs and hides it in the layer before;
 * here each matrix has its own and keeps it, at 16 bits a column. Its clipping of spans is {@code
 * search}, which looks at weights alone.
 */
public final class AwqRecipe implements Recipe {
  /** The recipe's name. */
  public static final String NAME = "awq";

  private static final int STEPS = 20;
  private static final int RANGE = 32;

  private final GridOptions options;

  private AwqRecipe(GridOptions options) {
    this.options = options;
  }

  static AwqRecipe read(PartText text) {
    return new AwqRecipe(GridOptions.read(text, 128));
  }

  @Override
  public boolean isCalibrated() {
    return true;
  }

  @Override
  public EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools) {
    WeightMatrix whole = WeightMatrix.read(tensor, matrix);
    double[] hessian = tools.hessians().of(tensor, whole.width());
    ColumnScales best = ActivationScales.of(hessian, whole.width(), 0);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < STEPS; i++) {
      ColumnScales scales = ActivationScales.of(hessian, whole.width(), (double) i / STEPS);
      var losses = new double[(whole.rows() + RANGE - 1) / RANGE];
      tools
          .workers()
          .forEach(
              whole.rows(),
              RANGE,
              (from, to) -> losses[from / RANGE] = loss(whole, hessian, scales, from, to));
      double loss = 0;
      for (double part : losses) {
        loss += part;
      }
      if (loss < least) {
        least = loss;
        best = scales;
      }
    }
    ColumnScales chosen = best;
    var grid = GridMatrix.empty(options.fit().layout(), whole.rows(), whole.width());
    chosen.apply(whole.values(), 0, whole.rows(), whole.width());
    tools
        .workers()
        .forEach(
            whole.rows(),
            RANGE,
            (from, to) -> NearestRounding.round(whole.values(), options.fit(), grid, from, to));
    return EncodedMatrix.of(grid, List.of(chosen));
  }

  private double loss(WeightMatrix whole, double[] hessian, ColumnScales scales, int from, int to) {
    int n = whole.width();
    int rows = to - from;
    GridFit fit = options.fit();
    float[] values = java.util.Arrays.copyOfRange(whole.values(), from * n, to * n);
    scales.apply(values, 0, rows, n);
    var grid = GridMatrix.empty(fit.layout(), rows, n);
    NearestRounding.round(values, fit, grid, 0, rows);
    for (int i = 0; i < values.length; i++) {
      values[i] = grid.value(i / n, i % n);
    }
    scales.undo(values, 0, rows, n);
    for (int i = 0; i < values.length; i++) {
      values[i] -= whole.values()[from * n + i];
    }
    return OutputLoss.of(values, 0, rows, n, hessian);
  }

  @Override
  public String toString() {
    return NAME + options;
  }
}
