package io.tributary.weights.ggml;

import io.tributary.codecs.internal.SimdSupport;

/**
 * The arithmetic that takes the time of encoding, for the groups {@code from} up to {@code to} of
 * many that follow each other. The values of all lie from {@code at}, {@code count} in each group;
 * weights and codes lie alike from 0. What {@link ScaleSearch} says of one group holds for each.
 * For one thread.
 */
interface GroupKernel {
  /** A new one, the best of this machine. */
  static GroupKernel best() {
    return SimdSupport.unusableBecause().isEmpty()
        ? new GroupSimdKernel()
        : new GroupScalarKernel();
  }

  /**
   * Trial scales of {@link ScaleSearch#affine}.
   *
   * @param first added to the largest code for the first trial
   * @param step from one trial to the next
   * @param steps trials but the first
   * @param absolute whether errors count as they are, instead of as squares
   */
  record Trials(float first, float step, int steps, boolean absolute) {}

  /** See {@link ScaleSearch#affine}. */
  void affine(
      float[] x,
      int at,
      int count,
      int from,
      int to,
      int most,
      float[] weights,
      Trials trials,
      byte[] codes,
      float[] scales,
      float[] minima);

  /** See {@link ScaleSearch#symmetric}. */
  void symmetric(
      float[] x,
      int at,
      int count,
      int from,
      int to,
      int most,
      float[] weights,
      byte[] codes,
      float[] scales);

  /** See {@link ScaleSearch#descent}. */
  void descent(
      float[] x,
      int at,
      int count,
      int from,
      int to,
      int most,
      float[] weights,
      byte[] codes,
      float[] scales);

  /**
   * Codes of one group: the nearest whole numbers to {@code (value + added) / scale} within bounds,
   * less {@code least}.
   *
   * @param to where in {@code codes} the first one goes
   */
  void round(
      float[] x,
      int at,
      int count,
      float added,
      float scale,
      int least,
      int most,
      byte[] codes,
      int to);
}
