package io.tributary.weights.model;

import io.tributary.file.WeightFile;

/**
 * A model that predicts tokens at the positions of a sequence. Safe for any thread; a pass runs in
 * the thread that asks for it.
 */
public interface LanguageModel {
  /**
   * Reads a model of any architecture that is known here.
   *
   * @throws io.tributary.error.TributaryException {@code STORAGE} if the file holds none
   */
  static LanguageModel of(WeightFile file) {
    return BertModel.isIn(file) ? BertModel.of(file) : LlamaModel.of(file);
  }

  /** The number of different tokens. */
  int vocabulary();

  /** The longest sequence. */
  int context();

  /**
   * Whether a position sees the whole sequence and predicts its own token, which a mask hides;
   * otherwise it sees those before it and itself and predicts the next token.
   */
  default boolean isMasked() {
    return false;
  }

  /**
   * Passes a sequence through the model.
   *
   * @param tokens 1 to {@link #context} numbers below {@link #vocabulary}
   * @param inputs sees the inputs of all matrices
   * @param outputs sees the predictions that it wants, in the order of the positions
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the sequence is none
   */
  void run(int[] tokens, InputObserver inputs, LogitObserver outputs);
}
