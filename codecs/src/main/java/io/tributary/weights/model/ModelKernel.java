package io.tributary.weights.model;

import io.tributary.codecs.internal.SimdSupport;

/** The arithmetic that takes a forward pass's time. Stateless, safe for any thread. */
interface ModelKernel {
  /** The smallest argument that {@link #exponential} tells from those below it. */
  float LEAST_EXPONENT = -87;

  /** The best one of this machine. */
  static ModelKernel best() {
    return SimdSupport.unusableBecause().isEmpty()
        ? new ModelSimdKernel()
        : new ModelScalarKernel();
  }

  /**
   * Multiplies vectors with a matrix: output j of a vector is {@code fma(x[n - 1], w[j][n - 1], ...
   * fma(x[0], w[j][0], 0))}.
   *
   * @param inputs {@code count} vectors of the matrix's width
   * @param outputs gets as many vectors of the matrix's rows
   * @param at where the first of them begins
   * @param stride from one of them to the next
   */
  void multiply(float[] inputs, int count, PanelMatrix matrix, float[] outputs, int at, int stride);

  /** Turns values, each at most {@code top}, into {@code exp(value - top)}, to a few ulps. */
  void exponential(float[] values, int at, int count, float top);

  /** Turns gates g into {@code g / (1 + exp(-g)) * up}, up from the other array. */
  void gate(float[] gates, float[] ups, int count);

  /** Turns values x into {@code x (1 + erf(x / sqrt(2))) / 2}, GELU, to a few ulps of x. */
  void gelu(float[] values, int count);
}
