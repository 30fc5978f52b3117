package io.tributary.weights.pack;

import io.tributary.weights.PartText;

/**
 * {@code spqr:3,s=3}: codes of b bits in groups of 16, whose scales and zeros are codes of s bits
 * themselves, and a few values kept apart: SpQR (Dettmers et al., arXiv 2306.03078).
 *
 * <p>A tile is 16 rows of a group; scales and zeros of a tile share two numbers each: a code c of a
 * scale means {@code a (c - z)}, of a zero alike, and a code of a weight {@code scale (c - zero)}.
 * A block, which begins at a tile, is
 *
 * <pre>
 *  for each tile of each row of tiles: a and z of its scales, a and z of its zeros, half precision
 *  codes of the scales, rows of G = ceil(width/16), in s planes as {@link BitPlanes} has them
 *  codes of the zeros likewise
 *  codes of the weights, in b planes
 *  u16 for each row: how many of its values are kept apart
 *  for each of those, row by row: u16 column, ascending; the value in half precision
 * </pre>
 *
 * @param bits of a weight's code, 1 to 8
 * @param statistics bits of a scale's or a zero's code, 1 to 7
 */
public record SparseLayout(int bits, int statistics) implements RowLayout {
  /** The layout's name. */
  public static final String NAME = "spqr";

  /** The widest rows: columns are u16. */
  public static final int MOST_WIDTH = 1 << 16;

  static final int SIDE = 16;
  private static final CodeKernel KERNEL = CodeKernel.best();
  private static final int TILE_BYTES = 4 * Short.BYTES;
  private static final int OUTLIER_BYTES = 2 * Short.BYTES;

  static SparseLayout read(PartText text, int width) {
    var layout = new SparseLayout(text.number(1, 8), text.integer("s", 3, 1, 7));
    text.end();
    if (width > MOST_WIDTH) {
      throw text.refused("rows of up to " + MOST_WIDTH + ", not of " + width);
    }
    return layout;
  }

  static int groups(int width) {
    return (width + SIDE - 1) / SIDE;
  }

  private int tilesBytes(int rows, int width) {
    return groups(rows) * groups(width) * TILE_BYTES;
  }

  /** Where the numbers of values kept apart begin. */
  private int denseBytes(int rows, int width) {
    int statisticsBytes = 2 * rows * statistics * BitPlanes.planeBytes(groups(width));
    return tilesBytes(rows, width) + statisticsBytes + rows * bits * BitPlanes.planeBytes(width);
  }

  @Override
  public long blockBytes(long rows, int width) {
    return denseBytes((int) rows, width) + rows * (Short.BYTES + (long) width * OUTLIER_BYTES);
  }

  /** Packs rows, which begin at a tile. */
  public byte[] pack(SparseMatrix matrix, int first, int rows) {
    int width = matrix.width;
    int groups = groups(width);
    int kept = 0;
    for (int row = first; row < first + rows; row++) {
      kept += matrix.columns[row].length;
    }
    int at = denseBytes(rows, width);
    var block = new byte[at + rows * Short.BYTES + kept * OUTLIER_BYTES];
    int tilesAt = first / SIDE * groups * 4;
    for (int i = 0; i < groups(rows) * groups * 4; i++) {
      ScaleType.F16.put(matrix.tiles[tilesAt + i], block, i * Short.BYTES);
    }
    int to = tilesBytes(rows, width);
    BitPlanes.pack(matrix.scaleCodes, first * groups, rows, groups, statistics, block, to);
    to += rows * statistics * BitPlanes.planeBytes(groups);
    BitPlanes.pack(matrix.zeroCodes, first * groups, rows, groups, statistics, block, to);
    to += rows * statistics * BitPlanes.planeBytes(groups);
    BitPlanes.pack(matrix.codes, first * width, rows, width, bits, block, to);
    int outlierAt = at + rows * Short.BYTES;
    for (int i = 0; i < rows; i++) {
      int[] columns = matrix.columns[first + i];
      putShort(columns.length, block, at + i * Short.BYTES);
      for (int k = 0; k < columns.length; k++) {
        putShort(columns[k], block, outlierAt);
        ScaleType.F16.put(matrix.outliers[first + i][k], block, outlierAt + Short.BYTES);
        outlierAt += OUTLIER_BYTES;
      }
    }
    return block;
  }

  private static void putShort(int value, byte[] target, int at) {
    target[at] = (byte) value;
    target[at + 1] = (byte) (value >>> 8);
  }

  private static int getShort(byte[] source, int at) {
    return source[at] & 0xFF | (source[at + 1] & 0xFF) << 8;
  }

  @Override
  public void unpack(byte[] block, int rows, int width, float[] target, int at) {
    int counts = denseBytes(rows, width);
    int outliers = counts + rows * Short.BYTES;
    if (block.length < outliers || (block.length - outliers) % OUTLIER_BYTES != 0) {
      throw RowLayouts.corrupt(
          this + ": expected " + outliers + " bytes and whole outliers, found " + block.length);
    }
    dense(block, rows, width, target, at);
    int from = outliers;
    for (int row = 0; row < rows; row++) {
      int before = -1;
      for (int left = getShort(block, counts + row * Short.BYTES); left > 0; left--) {
        if (from == block.length) {
          throw RowLayouts.corrupt(this + ", row " + row + ": expected " + left + " outliers more");
        }
        int column = getShort(block, from);
        if (column <= before || column >= width) {
          throw RowLayouts.corrupt(
              this + ", row " + row + ": expected ascending columns, found " + column);
        }
        target[at + row * width + column] = ScaleType.F16.get(block, from + Short.BYTES);
        before = column;
        from += OUTLIER_BYTES;
      }
    }
    if (from != block.length) {
      throw RowLayouts.corrupt(
          this + ": expected " + from + " bytes as its rows say, found " + block.length);
    }
  }

  private void dense(byte[] block, int rows, int width, float[] target, int at) {
    int groups = groups(width);
    var scales = new byte[rows * groups + Long.BYTES];
    var zeros = new byte[rows * groups + Long.BYTES];
    int from = tilesBytes(rows, width);
    BitPlanes.unpack(block, from, rows, groups, statistics, statistics, scales);
    from += rows * statistics * BitPlanes.planeBytes(groups);
    BitPlanes.unpack(block, from, rows, groups, statistics, statistics, zeros);
    from += rows * statistics * BitPlanes.planeBytes(groups);
    int stride = BitPlanes.planeBytes(width);
    var codes = new byte[width + Long.BYTES];
    for (int row = 0; row < rows; row++) {
      BitPlanes.unpackRow(block, from + row * stride, rows * stride, width, bits, bits, codes, 0);
      for (int g = 0; g < groups; g++) {
        int tile = (row / SIDE * groups + g) * TILE_BYTES;
        float scale = statistic(block, tile, scales[row * groups + g]);
        float zero = statistic(block, tile + 2 * Short.BYTES, zeros[row * groups + g]);
        int end = Math.min(width, (g + 1) * SIDE);
        int first = g * SIDE;
        KERNEL.decode(codes, first, end - first, scale, zero, target, at + row * width + first);
      }
    }
  }

  private static float statistic(byte[] block, int at, int code) {
    float unit = ScaleType.F16.get(block, at);
    return unit * (code - ScaleType.F16.get(block, at + Short.BYTES));
  }

  @Override
  public String toString() {
    return NAME + ":" + bits + ",s=" + statistics;
  }
}
