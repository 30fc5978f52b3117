package io.tributary.weights.ggml;

import io.tributary.codecs.internal.SimdSupport;

/**
 * The arithmetic that takes the time of encoding, for all groups of a strip. {@link
 * GroupScalarKernel} is the definition. For one thread.
 */
interface GroupKernel {
  /** A new one, the best of this machine. */
  static GroupKernel best() {
    return SimdSupport.unusableBecause().isEmpty()
        ? new GroupSimdKernel()
        : new GroupScalarKernel();
  }

  /**
   * Trial scales: trial {@code i} spreads what it scales over {@code most + spread(i)} codes, where
   * {@code most} is the largest code.
   *
   * @param count trials, at least 1
   */
  record Trials(float first, float step, int count) {
    float spread(int trial) {
      return first + step * trial;
    }
  }

  /** Weighs each value by its magnitude and a share of the root of its group's mean square. */
  void weighBySize(GroupStrip strip, float share);

  /** Weighs each value by its square and its group's mean square. */
  void weighBySquare(GroupStrip strip);

  /**
   * Finds scales and minima for codes from 0 to {@code most}. Each trial rounds the values to a
   * grid and takes the scale and minimum that lose least with its codes; the best trial's minimum
   * is where the grids of the next ones begin.
   */
  void affine(GroupStrip strip, int most, Trials trials);

  /**
   * Finds scales, perhaps negative, for codes from {@code -most} to {@code most - 1}. Trials spread
   * the value of the largest magnitude, of two equal ones the positive.
   *
   * @param trials a multiple of three of them
   */
  void symmetric(GroupStrip strip, int most, Trials trials);

  /**
   * Makes codes from 0 to {@code mostScale} of scales and minima: the nearest ones first, then,
   * with the values rounded to that grid, the scale's that loses least, and the minimum's that
   * loses least with it.
   */
  void affineSteps(GroupStrip strip, int most, int mostScale);

  /** The same of scales alone, with codes from {@code -mostScale} to {@code mostScale - 1}. */
  void symmetricSteps(GroupStrip strip, int most, int mostScale);

  /** Rounds the values that were taken to codes from 0 to {@code most}. */
  void affineCodes(GroupStrip strip, int most);

  /**
   * Rounds the values that were taken to codes from {@code -most} to {@code most - 1}, and stores
   * them from 0.
   */
  void symmetricCodes(GroupStrip strip, int most);
}
