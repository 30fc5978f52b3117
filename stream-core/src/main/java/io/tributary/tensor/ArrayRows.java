package io.tributary.tensor;

import java.util.Objects;

/** The rows of a tensor that lies in memory; a view. */
public final class ArrayRows implements RowMatrix {
  private final float[] values;
  private final int width;

  /**
   * A view of an array.
   *
   * @param width values in a row, a divisor of the array's length
   */
  public ArrayRows(float[] values, int width) {
    if (width < 1 || values.length % width != 0) {
      throw new IllegalArgumentException(values.length + " values make no rows of " + width);
    }
    this.values = values;
    this.width = width;
  }

  @Override
  public long rows() {
    return values.length / width;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void read(long first, int count, float[] target, int at) {
    Objects.checkFromIndexSize(first, count, rows());
    System.arraycopy(values, (int) first * width, target, at, count * width);
  }
}
