package io.tributary.codecs.sketch;

import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;

/** Offers a sample of rows. */
public final class RowSamplingProvider extends SketchProvider {
  static final String NAME = "row-sampling";

  /** For {@link java.util.ServiceLoader}. */
  public RowSamplingProvider() {
    super(
        NAME,
        "a sample of rows by squared length, for rows in any order; several directions, merges");
  }

  @Override
  RowSketch create(SketchOptions options, SketchKernel kernel) {
    return new RowSampling(options, kernel);
  }

  @Override
  public long bytes(SketchOptions options) {
    return RowSampling.bytes(options);
  }
}
