package io.tributary.weights.recipe;

import io.tributary.tensor.RowMatrix;
import io.tributary.weights.PartText;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.round.GridFit;
import io.tributary.weights.round.NearestRounding;
import io.tributary.weights.transform.ColumnScales;
import io.tributary.weights.transform.SinkhornScales;
import java.util.List;

/**
 * {@code sinq:4,g=64}: scales of both axes, then to nearest (Müller et al., arXiv 2509.22944).
 * Zeros are codes of b bits; {@code zero=none} does without. Published are zeros and scales in half
 * precision or in eight bits, and plain rounding for matrices of high kurtosis, which isn't done
 * here.
 */
public final class SinqRecipe implements Recipe {
  /** The recipe's name. */
  public static final String NAME = "sinq";

  private final ZeroOptions options;

  private SinqRecipe(ZeroOptions options) {
    this.options = options;
  }

  static SinqRecipe read(PartText text) {
    return new SinqRecipe(ZeroOptions.read(text));
  }

  @Override
  public EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools) {
    WeightMatrix whole = WeightMatrix.read(tensor, matrix);
    GridFit fit = options.fit();
    int tile = fit.layout().groupWidth(whole.width());
    var columns = ColumnScales.near(SinkhornScales.find(whole, tile, tools.workers()).columns());
    columns.apply(whole.values(), 0, whole.rows(), whole.width());
    var grid = GridMatrix.empty(fit.layout(), whole.rows(), whole.width());
    tools
        .workers()
        .forEach(
            whole.rows(),
            64,
            (from, to) -> NearestRounding.round(whole.values(), fit, grid, from, to));
    return EncodedMatrix.of(grid, List.of(columns));
  }

  @Override
  public String toString() {
    return NAME + options;
  }
}
