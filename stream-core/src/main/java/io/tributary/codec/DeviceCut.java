package io.tributary.codec;

/**
 * The passes of a codec across a cut over the values of a message on the device of {@link
 * Backend#GPU}, for benches: how fast they run there, and whether they have the bits of their
 * definition. Channels have widths of all kinds. Safe for any thread; calls take turns.
 */
public interface DeviceCut {
  /** A pass. */
  enum Pass {
    /** Extremes and moments of each channel. */
    RANGE,
    /** Values to packed codes. */
    PACK,
    /** Packed codes to values. */
    UNPACK,
    /** The gradient of the channels' widths. */
    SLOPES
  }

  /** The rows of so many channels that lie on the device together. */
  int rows(int channels);

  /** The bytes that a pass reads and writes for each value. */
  double bytesOfValue(Pass pass);

  /**
   * Seconds of a pass over {@link #rows} rows with everything in the device's memory: the mean of
   * {@code times}, after one to warm up.
   */
  double deviceSeconds(Pass pass, int channels, int times);

  /** Seconds of a pass over {@link #rows} rows from arrays to arrays: the best of {@code times}. */
  double hostSeconds(Pass pass, int channels, int times);

  /**
   * Compares with the scalar definition.
   *
   * @param values {@link #rows} rows of magnitudes below 2^125
   * @return the moments, bytes, values or slopes whose bits differ
   */
  long mismatches(Pass pass, float[] values, int channels);
}
