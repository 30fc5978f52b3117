package io.tributary.weights.model;

/** Sees a model's predictions. */
@FunctionalInterface
public interface LogitObserver {
  /** Looks at nothing. */
  LogitObserver NONE =
      new LogitObserver() {
        @Override
        public boolean wants(int position) {
          return false;
        }

        @Override
        public void see(int position, float[] logits, int at) {
          throw new IllegalStateException("no prediction is wanted");
        }
      };

  /** Whether it wants to see a position's prediction; all unless told otherwise. */
  default boolean wants(int position) {
    return true;
  }

  /**
   * The prediction at a position that it wants.
   *
   * @param position from 0
   * @param logits one for each token of the vocabulary, not to be kept or changed
   * @param at where they begin
   */
  void see(int position, float[] logits, int at);
}
