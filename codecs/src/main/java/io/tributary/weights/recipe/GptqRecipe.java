package io.tributary.weights.recipe;

import io.tributary.tensor.RowMatrix;
import io.tributary.weights.PartText;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.round.ColumnLoop;
import io.tributary.weights.round.GridFit;
import io.tributary.weights.round.GridRounder;
import io.tributary.weights.round.HessianFactor;
import io.tributary.weights.transform.ColumnOrder;
import io.tributary.weights.transform.RowTransform;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code gptq:3,g=128}: columns one after the other, errors made up for by those behind (Frantar et
 * al., arXiv 2210.17323). {@code order} takes columns by descending diagonal of the Hessian, which
 * costs a column's number each; {@code damp=0.01} is the share of the mean diagonal that is added.
 */
public final class GptqRecipe implements Recipe {
  /** The recipe's name. */
  public static final String NAME = "gptq";

  private static final double DAMPING = 0.01;

  private final GridOptions options;
  private final boolean ordered;
  private final double damping;

  private GptqRecipe(GridOptions options, boolean ordered, double damping) {
    this.options = options;
    this.ordered = ordered;
    this.damping = damping;
  }

  static GptqRecipe read(PartText text) {
    GridOptions options = GridOptions.readSome(text, 128);
    boolean ordered = text.flag("order");
    double damping = text.decimal("damp", DAMPING, 1e-6, 10);
    text.end();
    return new GptqRecipe(options, ordered, damping);
  }

  @Override
  public boolean isCalibrated() {
    return true;
  }

  @Override
  public EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools) {
    WeightMatrix whole = WeightMatrix.read(tensor, matrix);
    int n = whole.width();
    double[] hessian = tools.hessians().of(tensor, n);
    List<RowTransform> transforms = new ArrayList<>();
    if (ordered) {
      ColumnOrder order = ColumnOrder.byDiagonal(hessian, n);
      order.apply(whole.values(), 0, whole.rows(), n);
      order.applyToHessian(hessian, n);
      transforms.add(order);
    }
    GridMatrix grid = round(tensor, whole, hessian, options.fit(), damping, tools);
    return EncodedMatrix.of(grid, transforms);
  }

  /** Rounds a matrix by the column loop, its rows shared among the workers. */
  static GridMatrix round(
      String tensor,
      WeightMatrix whole,
      double[] hessian,
      GridFit fit,
      double damping,
      Tools tools) {
    int n = whole.width();
    HessianFactor factor = HessianFactor.of(tensor, hessian, n, damping, tools.notes());
    var grid = GridMatrix.empty(fit.layout(), whole.rows(), n);
    var loop = new ColumnLoop(factor, fit.layout().groupWidth(n));
    var rounder = new GridRounder(fit, grid);
    tools
        .workers()
        .forEach(
            whole.rows(),
            ColumnLoop.ROWS,
            (from, to) -> loop.round(whole.values(), from, to, rounder));
    return grid;
  }

  @Override
  public String toString() {
    return NAME
        + options
        + (ordered ? ",order" : "")
        + (damping == DAMPING ? "" : ",damp=" + damping);
  }
}
