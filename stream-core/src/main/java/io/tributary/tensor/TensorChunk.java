package io.tributary.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A run of consecutive elements of one tensor: the unit that is encoded, credited and acknowledged.
 *
 * @param tensor the tensor's index in its {@link ModelSchema}
 * @param first the index of the first element within the tensor
 * @param values the array that holds the elements; owned by the maker, read-only for everyone else
 * @param from where in {@code values} the first element lies
 * @param count the number of elements, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // a view by design: equality is of no interest
public record TensorChunk(int tensor, long first, float[] values, int from, int count) {
  /** Checks that the view lies within its array. */
  public TensorChunk {
    Objects.checkFromIndexSize(from, count, values.length);
    if (count < 1 || tensor < 0 || first < 0) {
      throw new IllegalArgumentException(
          "tensor " + tensor + ", first " + first + ", count " + count);
    }
  }

  /**
   * Cuts a whole tensor into chunks of {@code elements} values, the last one shorter if need be;
   * each is a view of {@code values}.
   */
  public static List<TensorChunk> cut(int tensor, float[] values, int elements) {
    var chunks = new ArrayList<TensorChunk>();
    for (int first = 0; first < values.length; first += elements) {
      chunks.add(
          new TensorChunk(tensor, first, values, first, Math.min(elements, values.length - first)));
    }
    return chunks;
  }
}
