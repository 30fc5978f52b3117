package io.tributary.weights.ggml;

import io.tributary.codecs.internal.SimdSupport;

/**
 * Blocks of 32 values that are encoded without a search: a scale in half precision, codes. {@link
 * SmallBlockScalarKernel} is the definition. Values are finite. Safe for any thread.
 */
interface SmallBlockKernel {
  /** Values of a block. */
  int VALUES = 32;

  /** The best of this machine. */
  static SmallBlockKernel best() {
    return SimdSupport.unusableBecause().isEmpty()
        ? new SmallBlockSimdKernel()
        : new SmallBlockScalarKernel();
  }

  /**
   * Encodes blocks of Q4_0: the value of the largest magnitude, of several the first, becomes -8.
   */
  void fourBits(float[] x, int at, int blocks, byte[] target, int to);

  /** Encodes blocks of Q8_0: the largest magnitude becomes 127. */
  void eightBits(float[] x, int at, int blocks, byte[] target, int to);
}
