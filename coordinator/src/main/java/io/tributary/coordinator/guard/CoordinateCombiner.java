package io.tributary.coordinator.guard;

import java.util.Arrays;

/**
 * Takes the place of the mean of each coordinate: the values of a coordinate are sorted, so many
 * are cut off at both ends, and the mean of the others is taken, with a float64 sum in rising order
 * and one rounding to float32 (Yin et al. (2018), "Byzantine-robust distributed learning: towards
 * optimal statistical rates"). All weigh the same.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param bad how many values are cut off at each end, 1 or more; the median where fewer than {@code
 *     2 bad + 1} are there
 */
public record CoordinateCombiner(int bad) {
  /** Cuts off all but the middle, one value or two. */
  static final CoordinateCombiner MEDIAN = new CoordinateCombiner(Integer.MAX_VALUE);

  /**
   * Combines some elements.
   *
   * @param values of each contribution
   * @param from where the elements begin in each of them
   * @param scales what each contribution is multiplied with
   * @param count how many elements
   * @param target where they go, from {@code at} on
   */
  public void combine(
      float[][] values, int[] from, float[] scales, int count, float[] target, int at) {
    int size = values.length;
    int cut = Math.min(bad, (size - 1) / 2);
    var sorted = new float[size];
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < size; c++) {
        sorted[c] = scales[c] * values[c][from[c] + i];
      }
      Arrays.sort(sorted);
      double sum = 0;
      for (int c = cut; c < size - cut; c++) {
        sum += sorted[c];
      }
      target[at + i] = (float) (sum / (size - 2 * cut));
    }
  }
}
