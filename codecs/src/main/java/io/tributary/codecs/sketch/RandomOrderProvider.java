package io.tributary.codecs.sketch;

import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;

/** Offers the block power method with heavy rows. */
public final class RandomOrderProvider extends SketchProvider {
  static final String NAME = "random-order";

  /** For {@link java.util.ServiceLoader}. */
  public RandomOrderProvider() {
    super(
        NAME,
        "block power method with a store of heavy rows, for rows in random order; several"
            + " directions, no merge");
  }

  @Override
  RowSketch create(SketchOptions options, SketchKernel kernel) {
    return new RandomOrderTopEigenvector(options, kernel);
  }
}
