package io.tributary.weights.model;

/** Sees a model's predictions. */
@FunctionalInterface
public interface LogitObserver {
  /** Looks at nothing. */
  LogitObserver NONE = (position, logits, at) -> {};

  /**
   * The prediction of the token behind a position.
   *
   * @param position from 0
   * @param logits one for each token of the vocabulary, not to be kept or changed
   * @param at where they begin
   */
  void see(int position, float[] logits, int at);
}
