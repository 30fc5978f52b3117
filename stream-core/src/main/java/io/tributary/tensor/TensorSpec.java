package io.tributary.tensor;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.tributary.error.Errors;
import java.util.List;

/**
 * One tensor of a model.
 *
 * @param name unique in its model, 1 to 256 characters, for instance {@code
 *     block.2.attention.qkv.weight}
 * @param shape one to eight extents, each at least 1
 * @param role what it is to the model
 * @param layer the index of the transformer layer it belongs to, or -1 for what belongs to no layer
 * @param initializer how its first values come from the seed
 */
public record TensorSpec(
    String name, List<Integer> shape, TensorRole role, int layer, Initializer initializer) {
  /** Checks every component. */
  public TensorSpec {
    if (name.isEmpty() || name.length() > 256) {
      throw Errors.invalidSetting("tensor name", name, "1 to 256 characters");
    }
    shape = List.copyOf(shape);
    if (shape.isEmpty() || shape.size() > 8 || shape.stream().anyMatch(n -> n < 1)) {
      throw Errors.invalidSetting("shape of " + name, shape, "one to eight extents of at least 1");
    }
    long product = 1;
    for (int extent : shape) {
      product *= extent;
      if (product > Integer.MAX_VALUE - 8) {
        throw Errors.invalidSetting("shape of " + name, shape, "fewer than 2^31 - 8 elements");
      }
    }
    if (layer < -1) {
      throw Errors.invalidSetting("layer of " + name, layer, "-1 or an index");
    }
  }

  /** The number of elements. */
  @JsonIgnore
  public int elements() {
    return shape.stream().reduce(1, (a, b) -> a * b);
  }
}
