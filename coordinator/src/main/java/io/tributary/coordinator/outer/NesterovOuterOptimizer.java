package io.tributary.coordinator.outer;

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
public final class NesterovOuterOptimizer {
  private final float learningRate;
  private final float momentum;

  /** An optimizer with η above 0 and μ in [0, 1). */
  public NesterovOuterOptimizer(float learningRate, float momentum) {
    this.learningRate = learningRate;
    this.momentum = momentum;
  }

  /**
   * One step on one tensor.
   *
   * @param gradient Δ on entry, the change on return
   * @param velocity u, updated in place
   */
  public void step(float[] gradient, float[] velocity) {
    for (int i = 0; i < gradient.length; i++) {
      float delta = gradient[i];
      float u = momentum * velocity[i] + delta;
      velocity[i] = u;
      gradient[i] = learningRate * (delta + momentum * u);
    }
  }
}
