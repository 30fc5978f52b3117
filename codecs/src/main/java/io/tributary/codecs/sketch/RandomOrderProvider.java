package io.tributary.codecs.sketch;

import io.tributary.codec.Backend;
import io.tributary.sketch.DeviceUpdate;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

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

  /** The only method whose work is long runs of rows with one set of vectors. */
  @Override
  public Set<Backend> backends() {
    return EnumSet.allOf(Backend.class);
  }

  @Override
  RowSketch create(SketchOptions options, SketchKernel kernel) {
    return new RandomOrderTopEigenvector(options, kernel);
  }

  @Override
  public long bytes(SketchOptions options) {
    return RandomOrderSizes.of(options).bytes();
  }

  @Override
  public Optional<DeviceUpdate> deviceUpdate() {
    return Optional.of(new SketchDeviceUpdate());
  }
}
