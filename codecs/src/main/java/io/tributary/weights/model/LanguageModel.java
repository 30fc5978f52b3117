package io.tributary.weights.model;

/**
 * A model that predicts each token from those before it. Safe for any thread; a pass runs in the
 * thread that asks for it.
 */
public interface CausalModel {
  /** The number of different tokens. */
  int vocabulary();

  /** The longest sequence. */
  int context();

  /**
   * Passes a sequence through the model.
   *
   * @param tokens 1 to {@link #context} numbers below {@link #vocabulary}
   * @param inputs sees the inputs of all matrices
   * @param outputs sees each position's prediction of the next token, in order
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the sequence is none
   */
  void run(int[] tokens, InputObserver inputs, LogitObserver outputs);
}
