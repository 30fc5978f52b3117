package io.tributary.coordinator.outer;

import io.tributary.error.Errors;

/**
 * The outer step of SparseLoCo (Sarfi et al., arXiv 2508.15706): {@code θ ← θ - η Δ}, the plain
 * mean of the contributions without momentum. There the contributions' error feedback takes
 * momentum's place: what one round doesn't carry, the next ones do. With both, what returns late
 * would be amplified.
 */
public final class AveragingOuterOptimizer implements OuterOptimizer {
  private final float learningRate;

  /** An optimizer with η above 0, at most 10. */
  public AveragingOuterOptimizer(float learningRate) {
    if (!(learningRate > 0 && learningRate <= 10)) {
      throw Errors.invalidSetting("outer rate", learningRate, "above 0, at most 10");
    }
    this.learningRate = learningRate;
  }

  @Override
  public float response() {
    return learningRate;
  }

  /** {@code velocity} is left alone. */
  @Override
  public void step(float[] gradient, float[] velocity) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = learningRate * gradient[i];
    }
  }
}
