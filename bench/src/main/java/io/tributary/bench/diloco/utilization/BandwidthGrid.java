package io.tributary.bench.diloco.utilization;

/**
 * The bandwidths that the published table was searched on: 50 values from 0.1 to 1000 Gbit/s with a
 * constant ratio of 1.207. The paper doesn't name them; all its larger cells are values of this
 * grid to the last printed digit.
 */
final class BandwidthGrid {
  /** The number of values. */
  static final int SIZE = 50;

  private static final double LOWEST = 0.1;
  private static final double DECADES = 4;

  private BandwidthGrid() {}

  /** Value {@code index} in Gbit/s. */
  static double gbit(int index) {
    return LOWEST * Math.pow(10, DECADES * index / (SIZE - 1));
  }
}
