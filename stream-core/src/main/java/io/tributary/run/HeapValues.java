package io.tributary.run;

import java.util.Arrays;

/** Values in arrays of their own. */
final class HeapValues implements TensorValues {
  private final float[][] arrays;

  HeapValues(int[] lengths) {
    arrays = Arrays.stream(lengths).mapToObj(length -> new float[length]).toArray(float[][]::new);
  }

  /** The array itself. */
  float[] array(int index) {
    return arrays[index];
  }

  @Override
  public void read(int array, int first, float[] into, int at, int count) {
    System.arraycopy(arrays[array], first, into, at, count);
  }

  @Override
  public void write(int array, int first, float[] from, int at, int count) {
    System.arraycopy(from, at, arrays[array], first, count);
  }
}
