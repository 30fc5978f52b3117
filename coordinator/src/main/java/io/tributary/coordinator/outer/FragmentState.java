package io.tributary.coordinator.outer;

import io.tributary.run.Fragment;

/**
 * One fragment at one version, as the coordinator holds it.
 *
 * @param version the version
 * @param theta the outer parameters, an array for each slice of the fragment, in its order
 * @param velocity the outer momentum, shaped alike
 */
@SuppressWarnings(
    "ArrayRecordComponent") // carried from file to memory and back; equality is of no interest
public record FragmentState(int version, float[][] theta, float[][] velocity) {
  /** A state of zeros with the shapes of a fragment. */
  public static FragmentState zeros(int version, Fragment fragment) {
    return new FragmentState(version, shaped(fragment), shaped(fragment));
  }

  private static float[][] shaped(Fragment fragment) {
    return fragment.slices().stream().map(s -> new float[s.count()]).toArray(float[][]::new);
  }
}
