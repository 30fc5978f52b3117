package io.tributary.coordinator.outer;

import io.tributary.run.Fragment;
import io.tributary.tensor.ModelSchema;

/**
 * One fragment at one version, as the coordinator holds it.
 *
 * @param version the version
 * @param theta the outer parameters, an array for each tensor of the fragment, in its order
 * @param velocity the outer momentum, shaped alike
 */
@SuppressWarnings(
    "ArrayRecordComponent") // carried from file to memory and back; equality is of no interest
public record FragmentState(int version, float[][] theta, float[][] velocity) {
  /** A state of zeros with the shapes of a fragment. */
  public static FragmentState zeros(int version, ModelSchema schema, Fragment fragment) {
    return new FragmentState(version, shaped(schema, fragment), shaped(schema, fragment));
  }

  private static float[][] shaped(ModelSchema schema, Fragment fragment) {
    var arrays = new float[fragment.tensors().size()][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = new float[schema.tensors().get(fragment.tensors().get(i)).elements()];
    }
    return arrays;
  }
}
