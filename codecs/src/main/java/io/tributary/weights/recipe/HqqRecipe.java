package io.tributary.weights.recipe;

import io.tributary.tensor.RowMatrix;
import io.tributary.weights.PartText;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.pack.GridLayout;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.pack.ScaleType;
import io.tributary.weights.round.GridFit;
import io.tributary.weights.round.HalfQuadraticZeros;

/**
 * {@code hqq:3,g=64}: to nearest, on grids whose zeros are searched by half-quadratic splitting.
 */
public final class HqqRecipe implements Recipe {
  /** The recipe's name. */
  public static final String NAME = "hqq";

  private static final int GROUP = 64;

  private final GridFit fit;

  private HqqRecipe(GridFit fit) {
    this.fit = fit;
  }

  static HqqRecipe read(PartText text) {
    int bits = text.number(2, 8);
    int group = text.integer("g", GROUP, 0, GridLayout.LARGEST_GROUP);
    text.end();
    return new HqqRecipe(
        new GridFit(new GridLayout(bits, group, ScaleType.F16, ZeroForm.F16), false));
  }

  @Override
  public EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools) {
    return new EncodedMatrix() {
      @Override
      public RowLayout layout() {
        return fit.layout();
      }

      @Override
      public byte[] block(long first, int count, float[] values) {
        WeightMatrix.checkFinite(tensor, values, first, matrix.width());
        var grid = GridMatrix.empty(fit.layout(), count, matrix.width());
        HalfQuadraticZeros.round(values, fit, grid, 0, count);
        return fit.layout().pack(grid, 0, count);
      }
    };
  }

  @Override
  public String toString() {
    return NAME + ":" + fit.layout().bits() + ",g=" + fit.layout().group();
  }
}
