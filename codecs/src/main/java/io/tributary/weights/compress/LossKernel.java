package io.tributary.weights.compress;

import io.tributary.codecs.internal.SimdSupport;

/**
 * The sums of a loss. Squares of float32 are exact in float64; those of indices that agree modulo
 * {@link #CHAINS} are added up in their order, and then the chains in theirs. Stateless, safe for
 * any thread.
 */
interface LossKernel {
  /** Sums that needn't wait for each other. */
  int CHAINS = 8;

  /** The best one of this machine. */
  static LossKernel best() {
    return SimdSupport.unusableBecause().isEmpty() ? new LossSimdKernel() : new LossScalarKernel();
  }

  /** The sum of squares. */
  double energy(float[] values);

  /** The sum of squared differences, {@code decoded} being as long. */
  double error(float[] values, float[] decoded);
}
