package io.tributary.codecs.sketch;

import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;

/** Offers Frequent Directions. */
public final class FrequentDirectionsProvider extends SketchProvider {
  static final String NAME = "frequent-directions";

  /** For {@link java.util.ServiceLoader}. */
  public FrequentDirectionsProvider() {
    super(
        NAME,
        "a buffer of rows that is rotated and shrunk, for rows in any order; several directions, merges");
  }

  @Override
  RowSketch create(SketchOptions options, SketchKernel kernel) {
    return new FrequentDirections(options, kernel);
  }

  @Override
  public long bytes(SketchOptions options) {
    return FrequentDirections.bytes(options);
  }
}
