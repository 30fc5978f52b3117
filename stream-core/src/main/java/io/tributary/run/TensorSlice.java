package io.tributary.run;

/**
 * A run of whole rows of one tensor, or all of it: the part of a tensor that belongs to one
 * fragment.
 *
 * @param index the slice's place among all slices of a {@link FragmentMap}
 * @param tensor the tensor's index in the model
 * @param first the slice's first element within the tensor
 * @param count the number of elements, at least 1
 */
public record TensorSlice(int index, int tensor, int first, int count) {
  /** The slice's part of an array that holds the whole tensor: the array itself if it is whole. */
  public float[] of(float[] whole) {
    return first == 0 && count == whole.length
        ? whole
        : java.util.Arrays.copyOfRange(whole, first, first + count);
  }

  /** Whether elements of a tensor lie in the slice; for any numbers. */
  public boolean covers(int ofTensor, long from, int elements) {
    return ofTensor == tensor && from >= first && elements >= 0 && from - first + elements <= count;
  }
}
