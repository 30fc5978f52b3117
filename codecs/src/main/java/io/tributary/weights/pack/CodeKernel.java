package io.tributary.weights.pack;

import io.tributary.codecs.internal.SimdSupport;

/** The arithmetic of decoding codes on a grid. Stateless, safe for any thread. */
interface CodeKernel {
  /** The best one of this machine. */
  static CodeKernel best() {
    return SimdSupport.unusableBecause().isEmpty() ? new CodeSimdKernel() : new CodeScalarKernel();
  }

  /**
   * Turns codes c, bytes without a sign, into {@code scale * (c - zero)} in float32.
   *
   * @param from the first code's place
   * @param at the place of its value
   */
  void decode(byte[] codes, int from, int count, float scale, float zero, float[] target, int at);
}
