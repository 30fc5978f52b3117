package io.tributary.sketch;

/**
 * The chunk update {@code Y += Aᵀ(AZ)} of a method on the device of {@link
 * io.tributary.codec.Backend#GPU}, for benches: how fast it runs there, and whether it has the bits
 * of its definition. Safe for any thread; calls take turns.
 */
public interface DeviceUpdate {
  /** The rows of a width that the method hands to the device together. */
  int rows(int width);

  /**
   * Seconds of an update with everything in the device's memory: the mean of {@code passes}, after
   * one to warm up.
   *
   * @param width values in a row
   * @param columns vectors of Z, and of Y
   */
  double deviceSeconds(int width, int columns, int passes);

  /** Seconds of an update from arrays to arrays: the best of {@code passes}. */
  double hostSeconds(int width, int columns, int passes);

  /**
   * Compares with the scalar definition.
   *
   * @param rows whole rows of finite values, at most as many as {@link #rows}
   * @return the elements of {@code AZ} and of Y whose bits differ
   */
  long mismatches(float[] rows, int width, int columns);
}
