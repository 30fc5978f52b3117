package io.tributary.tensor;

/**
 * Rows that can be read again and in any order. Safe for any thread unless a class says otherwise.
 */
public interface RowMatrix {
  /** The number of rows. */
  long rows();

  /** Values in a row, at least 1. */
  int width();

  /**
   * Reads some rows that follow each other.
   *
   * @param at where in {@code target} the first one begins
   * @throws IndexOutOfBoundsException if there are not so many rows, or not so much room
   */
  void read(long first, int count, float[] target, int at);
}
