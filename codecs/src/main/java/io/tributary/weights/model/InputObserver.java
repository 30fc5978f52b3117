package io.tributary.weights.model;

import java.util.List;

/** Sees what the matrices of a model are multiplied with. */
@FunctionalInterface
public interface InputObserver {
  /** Looks at nothing. */
  InputObserver NONE = (tensors, inputs, count, width) -> {};

  /**
   * The inputs of matrices, in the order of the sequence.
   *
   * @param tensors the names of the matrices that are all multiplied with them
   * @param inputs {@code count} vectors of {@code width} values, not to be kept or changed
   */
  void see(List<String> tensors, float[] inputs, int count, int width);
}
