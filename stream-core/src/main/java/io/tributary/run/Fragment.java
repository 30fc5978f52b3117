package io.tributary.run;

import io.tributary.tensor.ModelSchema;
import java.util.List;

/**
 * The tensors that are exchanged together.
 *
 * @param index from 0
 * @param tensors indices into the {@link ModelSchema}, ascending, at least one
 * @param elements the number of elements of all its tensors
 */
public record Fragment(int index, List<Integer> tensors, long elements) {
  /** Copies the list. */
  public Fragment {
    tensors = List.copyOf(tensors);
  }
}
