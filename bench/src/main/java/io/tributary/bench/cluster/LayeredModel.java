package io.tributary.bench.cluster;

import io.tributary.error.Errors;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/** Models of a given size: equal layers of one matrix each, all zeros at first. */
public final class LayeredModel {
  private static final int FLOATS_A_MEGABYTE = (1 << 20) / Float.BYTES;
  private static final int WIDTH = 1024;

  private LayeredModel() {}

  /**
   * A model.
   *
   * @param megabytes of float32, a multiple of {@code layers}
   * @param layers how many
   */
  public static ModelSchema of(int megabytes, int layers) {
    if (megabytes < 1 || layers < 1 || megabytes % layers != 0) {
      throw Errors.invalidSetting(
          "MiB of the model", megabytes, "a multiple of its " + layers + " layers");
    }
    int rows = megabytes / layers * FLOATS_A_MEGABYTE / WIDTH;
    var tensors = new ArrayList<TensorSpec>();
    for (int l = 0; l < layers; l++) {
      tensors.add(
          new TensorSpec(
              "layer." + l, List.of(rows, WIDTH), TensorRole.MATRIX, l, Initializer.constant(0)));
    }
    return new ModelSchema(tensors);
  }
}
