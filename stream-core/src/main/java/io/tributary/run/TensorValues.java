package io.tributary.run;

/**
 * Where float32 values lie: some arrays, one after the other, each of a length of its own. Copies
 * in and out, so that they may lie outside of the heap.
 *
 * <p>Used by one thread at a time.
 */
public interface TensorValues {
  /** Copies {@code count} values of an array, from {@code first} on, to {@code into}. */
  void read(int array, int first, float[] into, int at, int count);

  /** Replaces {@code count} values of an array, from {@code first} on. */
  void write(int array, int first, float[] from, int at, int count);

  /** Zeros on the heap, in arrays of these lengths. */
  static TensorValues onHeap(int... lengths) {
    return new HeapValues(lengths);
  }
}
