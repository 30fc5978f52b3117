package io.tributary.coordinator.outer;

import io.tributary.error.Errors;

/**
 * The outer step of DiLoCo (Douillard et al., arXiv 2311.08105, algorithm 1): stochastic gradient
 * descent with Nesterov momentum on the mean outer gradient Δ.
 *
 * <pre>
 * u ← μ u + Δ
 * change = η (Δ + μ u),  θ ← θ - change
 * </pre>
 *
 * Every product and sum is rounded to float32 by itself, in the order written, so the bits don't
 * depend on the machine. The momentum lives with its fragment, outside this class. Immutable, safe
 * for any thread.
 */
public final class NesterovOuterOptimizer implements OuterOptimizer {
  private final float learningRate;
  private final float momentum;

  /** An optimizer with η above 0, at most 10, and μ in [0, 1). */
  public NesterovOuterOptimizer(float learningRate, float momentum) {
    if (!(learningRate > 0 && learningRate <= 10)) {
      throw Errors.invalidSetting("outer rate", learningRate, "above 0, at most 10");
    }
    if (!(momentum >= 0 && momentum < 1)) {
      throw Errors.invalidSetting("outer momentum", momentum, "0 or more, below 1");
    }
    this.learningRate = learningRate;
    this.momentum = momentum;
  }

  @Override
  public float response() {
    return learningRate * (1 + momentum);
  }

  /** {@code gradient} is Δ and then the change, {@code velocity} is u. */
  @Override
  public void step(float[] gradient, float[] velocity) {
    for (int i = 0; i < gradient.length; i++) {
      float delta = gradient[i];
      float u = momentum * velocity[i] + delta;
      velocity[i] = u;
      gradient[i] = learningRate * (delta + momentum * u);
    }
  }
}
