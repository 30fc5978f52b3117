package io.tributary.weights.round;

import io.tributary.codecs.internal.SimdSupport;
import io.tributary.weights.pack.GridMatrix;

/** The arithmetic that takes the time of rounding to grids. Safe for any thread. */
interface GridKernel {
  /** The best one of this machine. */
  static GridKernel best() {
    return SimdSupport.unusableBecause().isEmpty() ? new GridSimdKernel() : new GridScalarKernel();
  }

  /** The smallest weight. */
  float least(float[] weights, int at, int count);

  /** The largest weight. */
  float most(float[] weights, int at, int count);

  /** Rounds a group's weights to its grid; {@code at} is the first one's place, also of codes. */
  void codes(float[] weights, int at, int count, GridMatrix grid, int group);

  /**
   * Looks for spans that lose less than the ones that groups have; see {@link GridFit}.
   *
   * @param fit the form of the grid
   */
  void search(
      float[] weights, int at, int count, int groups, GridFit fit, GridMatrix grid, int group);

  /**
   * Looks for zeros that lose less than the ones that groups have; see {@link HalfQuadraticZeros}.
   */
  void zeros(float[] weights, int at, int count, int groups, GridMatrix grid, int group);
}
