package io.tributary.weights.recipe;

import io.tributary.tensor.RowMatrix;
import io.tributary.weights.PartText;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.round.GridFit;
import io.tributary.weights.round.NearestRounding;

/** {@code rtn:4,g=128}: each weight to the nearest value of its group's grid. */
public final class RtnRecipe implements Recipe {
  /** The recipe's name. */
  public static final String NAME = "rtn";

  private final GridOptions options;

  private RtnRecipe(GridOptions options) {
    this.options = options;
  }

  static RtnRecipe read(PartText text) {
    return new RtnRecipe(GridOptions.read(text, 128));
  }

  @Override
  public EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools) {
    GridFit fit = options.fit();
    return new EncodedMatrix() {
      @Override
      public RowLayout layout() {
        return fit.layout();
      }

      @Override
      public byte[] block(long first, int count, float[] values) {
        WeightMatrix.checkFinite(tensor, values, first, matrix.width());
        var grid = GridMatrix.empty(fit.layout(), count, matrix.width());
        NearestRounding.round(values, fit, grid, 0, count);
        return fit.layout().pack(grid, 0, count);
      }
    };
  }

  @Override
  public String toString() {
    return NAME + options;
  }
}
