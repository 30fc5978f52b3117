package io.tributary.bench.diloco.identity;

import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/** Models without any computation in them, for the checks. */
final class StudyModels {
  private StudyModels() {}

  /** Layers of a matrix of {@code elements} and a gain, an embedding before them. */
  static ModelSchema layered(int layers, int elements, Initializer initializer) {
    var tensors = new ArrayList<TensorSpec>();
    tensors.add(
        new TensorSpec("embedding", List.of(elements), TensorRole.EMBEDDING, -1, initializer));
    for (int l = 0; l < layers; l++) {
      tensors.add(
          new TensorSpec("layer." + l, List.of(elements), TensorRole.MATRIX, l, initializer));
      tensors.add(
          new TensorSpec(
              "layer." + l + ".gain", List.of(7), TensorRole.NORM, l, Initializer.constant(1)));
    }
    return new ModelSchema(tensors);
  }
}
