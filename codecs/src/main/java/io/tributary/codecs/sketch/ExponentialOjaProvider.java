package io.tributary.codecs.sketch;

import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;

/** Offers Oja's rule with a grid of rates. */
public final class ExponentialOjaProvider extends SketchProvider {
  static final String NAME = "exponential-oja";

  /** For {@link java.util.ServiceLoader}. */
  public ExponentialOjaProvider() {
    super(
        NAME,
        "Oja's rule with a grid of rates, for rows in any order if the gap is large; says when it fails, no merge");
  }

  @Override
  RowSketch create(SketchOptions options, SketchKernel kernel) {
    return new ExponentialOja(options, kernel);
  }

  @Override
  public long bytes(SketchOptions options) {
    return ExponentialOja.bytes(options);
  }
}
