package io.tributary.run;

import java.util.List;

/**
 * The tensors, or parts of tensors, that are exchanged together.
 *
 * @param index from 0
 * @param slices what it consists of, by ascending tensor and element, at least one
 */
public record Fragment(int index, List<TensorSlice> slices) {
  /** Copies the list. */
  public Fragment {
    slices = List.copyOf(slices);
  }

  /** The number of elements of all its slices. */
  public long elements() {
    return slices.stream().mapToLong(TensorSlice::count).sum();
  }
}
