package io.tributary.agent.trainer;

/**
 * The part of a model below a cut: embeddings and first layers.
 *
 * <p>{@link #backward} computes the forward pass again instead of keeping its graph: any number of
 * batches may be under way, and nothing outside the heap is held while the link is slow.
 */
public interface SplitBottom extends SplitPart {
  /**
   * Computes activations.
   *
   * @param windows {@code count} windows of {@code context + 1} tokens one after the other; the
   *     last token of each is a target only
   * @param activations gets {@code count * context} rows of the model's width
   */
  void forward(long[] windows, int count, float[] activations);

  /**
   * Adds the gradients of parameters, given those of the activations that {@link #forward} gives.
   *
   * @param gradients as many as activations
   */
  void backward(long[] windows, int count, float[] gradients);

  /**
   * What the rows of activations are to a codec, each a {@link io.tributary.codec.RowKind#number};
   * no numbers if all are ordinary.
   */
  default byte[] kinds(long[] windows, int count) {
    return new byte[0];
  }
}
