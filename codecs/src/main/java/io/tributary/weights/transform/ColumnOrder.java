package io.tributary.weights.transform;

import java.util.Arrays;

/**
 * {@code order}: the columns stand in another order; the side bytes say, for each place, which
 * column it holds, as u16 or, of more than 65,536 columns, u32.
 */
public final class ColumnOrder implements RowTransform {
  /** The transform's name. */
  public static final String NAME = "order";

  private final int[] columns;

  private ColumnOrder(int[] columns) {
    this.columns = columns;
  }

  /** The order that puts column {@code columns[j]} at place {@code j}; each must be there once. */
  public static ColumnOrder of(int[] columns) {
    var seen = new boolean[columns.length];
    for (int column : columns) {
      if (column < 0 || column >= seen.length || seen[column]) {
        throw new IllegalArgumentException("column " + column + " of " + seen.length);
      }
      seen[column] = true;
    }
    return new ColumnOrder(columns.clone());
  }

  /** Columns by descending keys; equal ones keep their order. */
  static ColumnOrder descending(double[] keys) {
    Integer[] boxed = new Integer[keys.length];
    Arrays.setAll(boxed, j -> j);
    Arrays.sort(boxed, (a, b) -> Double.compare(keys[b], keys[a]));
    return of(Arrays.stream(boxed).mapToInt(Integer::intValue).toArray());
  }

  /** Columns by the descending diagonal of a Hessian: those that matter most come first. */
  public static ColumnOrder byDiagonal(double[] hessian, int width) {
    var keys = new double[width];
    for (int j = 0; j < width; j++) {
      keys[j] = hessian[j * width + j];
    }
    return descending(keys);
  }

  /** The order of side bytes, or an {@link IllegalArgumentException}. */
  static ColumnOrder read(byte[] side, int width) {
    var columns = new int[width];
    int bytes = bytes(width);
    for (int j = 0; j < width; j++) {
      for (int i = bytes - 1; i >= 0; i--) {
        columns[j] = columns[j] << 8 | (side[j * bytes + i] & 0xFF);
      }
    }
    return of(columns);
  }

  /** The bytes of a column's number. */
  static int bytes(int width) {
    return width <= 1 << 16 ? 2 : 4;
  }

  @Override
  public void apply(float[] rows, int at, int count, int width) {
    var old = new float[width];
    for (int row = at; row < at + count * width; row += width) {
      System.arraycopy(rows, row, old, 0, width);
      for (int j = 0; j < width; j++) {
        rows[row + j] = old[columns[j]];
      }
    }
  }

  @Override
  public void undo(float[] rows, int at, int count, int width) {
    var old = new float[width];
    for (int row = at; row < at + count * width; row += width) {
      System.arraycopy(rows, row, old, 0, width);
      for (int j = 0; j < width; j++) {
        rows[row + columns[j]] = old[j];
      }
    }
  }

  @Override
  public void applyToHessian(double[] hessian, int width) {
    double[] old = hessian.clone();
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        hessian[i * width + j] = old[columns[i] * width + columns[j]];
      }
    }
  }

  @Override
  public byte[] side() {
    int bytes = bytes(columns.length);
    var side = new byte[columns.length * bytes];
    for (int j = 0; j < columns.length; j++) {
      for (int i = 0; i < bytes; i++) {
        side[j * bytes + i] = (byte) (columns[j] >>> 8 * i);
      }
    }
    return side;
  }

  @Override
  public String toString() {
    return NAME;
  }
}
