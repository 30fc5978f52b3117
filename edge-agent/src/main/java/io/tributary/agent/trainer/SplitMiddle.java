package io.tributary.agent.trainer;

/**
 * The part of a model between two cuts: layers alone, which see neither tokens nor targets.
 *
 * <p>{@link #backward} computes the forward pass again, as that of {@link SplitBottom} does.
 */
public interface SplitMiddle extends SplitPart {
  /**
   * Computes what goes on from what came in.
   *
   * @param activations {@code count * context} rows of the model's width
   * @param above gets as many values
   */
  void forward(float[] activations, int count, float[] above);

  /**
   * Adds the gradients of parameters, and computes those of the activations that came in.
   *
   * @param activations as {@link #forward} got them
   * @param gradients of what {@link #forward} gave
   * @param below gets as many values
   */
  void backward(float[] activations, int count, float[] gradients, float[] below);
}
