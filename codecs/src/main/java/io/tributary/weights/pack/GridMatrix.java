package io.tributary.weights.pack;

import java.util.Arrays;

/**
 * A matrix rounded to a {@link GridLayout}, not yet packed: what rounding fills and packing reads.
 *
 * @param layout the grid's form
 * @param rows of the matrix
 * @param width values in each
 * @param codes one a byte, row by row
 * @param scales of each row's groups, numbers of the layout's type
 * @param zeros of each row's groups, also where the layout has one for all
 */
public record GridMatrix(
    GridLayout layout, int rows, int width, byte[] codes, float[] scales, float[] zeros) {
  /** A matrix whose scales are 0 and whose zeros are those of a layout without its own. */
  public static GridMatrix empty(GridLayout layout, int rows, int width) {
    int groups = layout.groups(width);
    var matrix =
        new GridMatrix(
            layout,
            rows,
            width,
            new byte[Math.multiplyExact(rows, width)],
            new float[rows * groups],
            new float[rows * groups]);
    Arrays.fill(matrix.zeros, layout.commonZero());
    return matrix;
  }

  /** The index of the scale and zero of a value. */
  public int group(int row, int column) {
    return row * layout.groups(width) + column / layout.groupWidth(width);
  }

  /** What a value is decoded to. */
  public float value(int row, int column) {
    int group = group(row, column);
    return scales[group] * ((codes[row * width + column] & 0xFF) - zeros[group]);
  }

  /** Rounds a value to its group's grid, stores the code and returns what it is decoded to. */
  public float round(int row, int column, double value) {
    int group = group(row, column);
    float scale = scales[group];
    float zero = zeros[group];
    int top = (1 << layout.bits()) - 1;
    double position = scale == 0 ? zero : value / scale + zero;
    int code = (int) Math.max(0, Math.min(top, Math.rint(position)));
    codes[row * width + column] = (byte) code;
    return scale * (code - zero);
  }
}
