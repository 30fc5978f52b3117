package io.tributary.agent.trainer;

/** The part of a model above its last cut: the other layers, and the loss. */
public interface SplitTop extends SplitPart {
  /**
   * What activations lead to.
   *
   * @param loss mean a token, in nats
   * @param accuracy the share of tokens that were thought the most likely
   */
  record Outcome(double loss, double accuracy) {}

  /**
   * Adds the gradients of parameters and computes those of activations.
   *
   * @param activations {@code count * context} rows of the model's width
   * @param windows as for {@link SplitBottom#forward}: the targets
   * @param gradients gets as many values as activations
   * @return the mean loss a token, in nats
   * @throws io.tributary.error.TributaryException {@code NON_FINITE} if the loss isn't finite; the
   *     gradients since the last update are forgotten
   */
  double learn(float[] activations, long[] windows, int count, float[] gradients);

  /** Measures without learning. */
  Outcome measure(float[] activations, long[] windows, int count);
}
