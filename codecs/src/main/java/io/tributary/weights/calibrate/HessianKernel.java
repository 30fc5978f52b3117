package io.tributary.weights.calibrate;

import io.tributary.codecs.internal.SimdSupport;

/** The arithmetic that takes a calibration's time. Stateless, safe for any thread. */
interface HessianKernel {
  /** The best one of this machine. */
  static HessianKernel best() {
    return SimdSupport.unusableBecause().isEmpty()
        ? new HessianSimdKernel()
        : new HessianScalarKernel();
  }

  /**
   * Adds the products of all channels of a panel with all of another, input after input, each as
   * one {@code fma}.
   *
   * @param sums a matrix with a row for each channel
   * @param stride its width
   */
  void add(InputPanels inputs, int rows, int columns, double[] sums, int stride);
}
