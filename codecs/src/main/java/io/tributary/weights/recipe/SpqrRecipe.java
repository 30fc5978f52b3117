package io.tributary.weights.recipe;

import io.tributary.error.Errors;
import io.tributary.tensor.RowMatrix;
import io.tributary.weights.PartText;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.pack.SparseLayout;
import io.tributary.weights.pack.SparseMatrix;
import io.tributary.weights.round.ColumnLoop;
import io.tributary.weights.round.HessianFactor;
import io.tributary.weights.round.SparseRounder;
import io.tributary.weights.transform.ColumnOrder;
import io.tributary.weights.transform.RowTransform;
import java.util.List;

/**
 * {@code spqr:3}: groups of 16 whose scales and zeros are rounded too, and outliers apart (Dettmers
 * et al., arXiv 2306.03078). {@code tau} is the threshold's share of the weights' variance, {@code
 * damp=1} that of the mean diagonal which is added to the Hessian.
 *
 * <p>The threshold is the published 0.2 at 4 bits and more. Each bit less makes the errors of a
 * grid four times as large, and the threshold with them: as published it would take a tenth of all
 * weights for outliers at 2 bits, 32 bits each.
 */
public final class SpqrRecipe implements Recipe {
  /** The recipe's name. */
  public static final String NAME = "spqr";

  private static final double TAU = 0.2;
  private static final int BITS_OF_TAU = 4;
  private static final double DAMPING = 1;
  private static final int STATISTICS = 3;

  private final int bits;
  private final double tau;
  private final double damping;

  private SpqrRecipe(int bits, double tau, double damping) {
    this.bits = bits;
    this.tau = tau;
    this.damping = damping;
  }

  static SpqrRecipe read(PartText text) {
    int bits = text.number(2, 8);
    var recipe =
        new SpqrRecipe(
            bits,
            text.decimal("tau", usualTau(bits), 0, Double.POSITIVE_INFINITY),
            text.decimal("damp", DAMPING, 1e-6, 10));
    text.end();
    return recipe;
  }

  private static double usualTau(int bits) {
    return Math.scalb(TAU, 2 * Math.max(0, BITS_OF_TAU - bits));
  }

  @Override
  public boolean isCalibrated() {
    return true;
  }

  @Override
  public EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools) {
    WeightMatrix whole = WeightMatrix.read(tensor, matrix);
    int n = whole.width();
    if (n > SparseLayout.MOST_WIDTH) {
      throw Errors.invalidSetting(
          "tensor " + tensor, "rows of " + n, "rows of up to " + SparseLayout.MOST_WIDTH);
    }
    double[] hessian = tools.hessians().of(tensor, n);
    ColumnOrder order = ColumnOrder.byDiagonal(hessian, n);
    order.apply(whole.values(), 0, whole.rows(), n);
    order.applyToHessian(hessian, n);
    HessianFactor factor = HessianFactor.of(tensor, hessian, n, damping, tools.notes());
    double threshold = SparseRounder.threshold(whole.values(), whole.rows(), factor, tau);
    var layout = new SparseLayout(bits, STATISTICS);
    var sparse = new SparseMatrix(layout, whole.rows(), n);
    var loop = new ColumnLoop(factor, SparseMatrix.side());
    tools
        .workers()
        .forEach(
            whole.rows(),
            ColumnLoop.ROWS,
            (from, to) ->
                loop.round(
                    whole.values(),
                    from,
                    to,
                    new SparseRounder(sparse, factor, bits, STATISTICS, threshold)));
    return new EncodedMatrix() {
      @Override
      public RowLayout layout() {
        return layout;
      }

      @Override
      public List<RowTransform> transforms() {
        return List.of(order);
      }

      @Override
      public int rowMultiple() {
        return SparseMatrix.side();
      }

      @Override
      public byte[] block(long first, int count, float[] values) {
        return layout.pack(sparse, (int) first, count);
      }
    };
  }

  @Override
  public String toString() {
    return NAME
        + ":"
        + bits
        + (tau == usualTau(bits) ? "" : ",tau=" + tau)
        + (damping == DAMPING ? "" : ",damp=" + damping);
  }
}
