package io.tributary.codec;

import java.util.OptionalDouble;

/**
 * How fast a codec's programs run on the device of {@link Backend#GPU} with data that lies in the
 * device's memory already: what the programs can do, without the way there and back.
 *
 * <p>Each method lays {@code count} values into the device's memory, runs once to warm up and then
 * {@code passes} times; the result is the mean of the passes. Safe for any thread; calls take
 * turns.
 */
public interface DeviceTimings {
  /** Seconds to encode {@code count} values, a multiple of 1024. */
  double encodeSeconds(int count, int passes);

  /** Seconds to decode {@code count} values, a multiple of 1024. */
  double decodeSeconds(int count, int passes);

  /**
   * Seconds to decode and add {@code count} values, a multiple of 1024, to sums that lie on the
   * device too; empty if the codec has no program that adds.
   */
  OptionalDouble accumulateSeconds(int count, int passes);

  /** Seconds to copy {@code count} values, a multiple of 1024: 8 bytes are moved for each. */
  double copySeconds(int count, int passes);
}
