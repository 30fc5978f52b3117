package io.tributary.weights.pack;

import java.util.Arrays;

/**
 * A matrix rounded to a {@link SparseLayout}, not yet packed. Different rows may be filled by
 * different threads.
 */
public final class SparseMatrix {
  final SparseLayout layout;
  final int width;

  /** One a byte, row by row. */
  final byte[] codes;

  /** Codes of each row's groups. */
  final byte[] scaleCodes;

  final byte[] zeroCodes;

  /** For each tile scale and zero of its scales' codes, then of its zeros' codes. */
  final float[] tiles;

  /** The columns of each row's outliers in ascending order, then their values in half precision. */
  final int[][] columns;

  final float[][] outliers;

  /** A matrix without outliers, all of whose codes are 0. */
  public SparseMatrix(SparseLayout layout, int rows, int width) {
    this.layout = layout;
    this.width = width;
    int groups = SparseLayout.groups(width);
    codes = new byte[rows * width];
    scaleCodes = new byte[rows * groups];
    zeroCodes = new byte[rows * groups];
    tiles = new float[SparseLayout.groups(rows) * groups * 4];
    columns = new int[rows][0];
    outliers = new float[rows][0];
  }

  /** The rows of a tile, the last perhaps fewer, and the values of a group. */
  public static int side() {
    return SparseLayout.SIDE;
  }

  /**
   * Stores how a tile's scales and zeros are decoded from their codes: all numbers of half
   * precision.
   */
  public void setTile(int row, int column, float[] scaleAndZeroOfScales, float[] ofZeros) {
    int at = tile(row, column);
    System.arraycopy(scaleAndZeroOfScales, 0, tiles, at, 2);
    System.arraycopy(ofZeros, 0, tiles, at + 2, 2);
  }

  private int tile(int row, int column) {
    return (row / SparseLayout.SIDE * SparseLayout.groups(width) + column / SparseLayout.SIDE) * 4;
  }

  /** Stores the codes of the scale and the zero of the group that a value is in. */
  public void setGroup(int row, int column, int scaleCode, int zeroCode) {
    int group = row * SparseLayout.groups(width) + column / SparseLayout.SIDE;
    scaleCodes[group] = (byte) scaleCode;
    zeroCodes[group] = (byte) zeroCode;
  }

  /** The step of the group that a value is in. */
  public float scale(int row, int column) {
    int group = row * SparseLayout.groups(width) + column / SparseLayout.SIDE;
    int tile = tile(row, column);
    return tiles[tile] * (scaleCodes[group] - tiles[tile + 1]);
  }

  /** The zero of the group that a value is in. */
  public float zero(int row, int column) {
    int group = row * SparseLayout.groups(width) + column / SparseLayout.SIDE;
    int tile = tile(row, column);
    return tiles[tile + 2] * (zeroCodes[group] - tiles[tile + 3]);
  }

  /** Stores the code nearest to a value and returns what it means. */
  public float round(int row, int column, double value) {
    float scale = scale(row, column);
    float zero = zero(row, column);
    double position = scale > 0 ? value / scale + zero : 0;
    int code = (int) Math.max(0, Math.min((1 << layout.bits()) - 1, Math.rint(position)));
    codes[row * width + column] = (byte) code;
    return scale * (code - zero);
  }

  /** Keeps a value apart, behind those of the row that were kept before. */
  public void keep(int row, int column, float half) {
    int count = columns[row].length;
    columns[row] = Arrays.copyOf(columns[row], count + 1);
    outliers[row] = Arrays.copyOf(outliers[row], count + 1);
    columns[row][count] = column;
    outliers[row][count] = half;
  }

  /** The values kept apart. */
  public long kept() {
    long kept = 0;
    for (int[] row : columns) {
      kept += row.length;
    }
    return kept;
  }
}
