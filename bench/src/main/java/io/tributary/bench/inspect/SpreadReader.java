package io.tributary.bench.inspect;

import io.tributary.bench.inspect.TensorFacts.Spread;
import io.tributary.tensor.RowMatrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far a tensor's values lie apart, by one pass over its rows: what makes it hard to round.
 * Outliers make the steps of their groups coarse; rows and columns whose deviations differ are what
 * SINQ evens out (arXiv 2509.22944, tiles of 128 columns and its measure of imbalance). For one
 * thread and one tensor.
 */
final class SpreadReader {
  /** Beyond so many root mean squares a value counts as an outlier: one of 5e8 normal values. */
  private static final double OUTLIER = 6;

  private static final int TILE = 128;
  private static final int BLOCK = 1 << 16;

  private final RowMatrix rows;
  private final int width;
  private final int tiles;
  private final double[] columnSums;
  private final double[] columnSquares;
  private final double[] leastOfTiles;
  private final double[] mostOfTiles;

  private SpreadReader(RowMatrix rows) {
    this.rows = rows;
    width = rows.width();
    tiles = (width + TILE - 1) / TILE;
    columnSums = new double[width];
    columnSquares = new double[width];
    leastOfTiles = new double[tiles];
    mostOfTiles = new double[tiles];
    Arrays.fill(leastOfTiles, Double.POSITIVE_INFINITY);
  }

  /** The spread of all values, or null if one of them is no finite number or all are 0. */
  static @Nullable Spread read(RowMatrix rows) {
    var reader = new SpreadReader(rows);
    double[] moments = reader.moments();
    double count = (double) rows.rows() * rows.width();
    double meanSquare = moments[0] / count;
    if (!Double.isFinite(moments[1]) || meanSquare == 0) {
      return null;
    }
    double rms = Math.sqrt(meanSquare);
    return new Spread(
        rms,
        moments[2] / rms,
        moments[1] / count / (meanSquare * meanSquare),
        reader.outliers(OUTLIER * rms),
        reader.imbalance());
  }

  /** Sums of squares and of fourth powers, and the largest magnitude. */
  private double[] moments() {
    double[] moments = new double[3];
    forEachRow(
        (values, at) -> {
          for (int tile = 0; tile < tiles; tile++) {
            addTile(values, at, tile, moments);
          }
        });
    return moments;
  }

  private void addTile(float[] values, int at, int tile, double[] moments) {
    int from = tile * TILE;
    int to = Math.min(width, from + TILE);
    double sum = 0;
    double squares = 0;
    for (int j = from; j < to; j++) {
      double value = values[at + j];
      double square = value * value;
      sum += value;
      squares += square;
      columnSums[j] += value;
      columnSquares[j] += square;
      moments[1] += square * square;
      moments[2] = Math.max(moments[2], Math.abs(value));
    }
    moments[0] += squares;
    add(tile, deviation(sum, squares, to - from));
  }

  private void add(int tile, double deviation) {
    leastOfTiles[tile] = Math.min(leastOfTiles[tile], deviation);
    mostOfTiles[tile] = Math.max(mostOfTiles[tile], deviation);
  }

  private long outliers(double bound) {
    long[] count = new long[1];
    forEachRow(
        (values, at) -> {
          for (int j = at; j < at + width; j++) {
            count[0] += Math.abs(values[j]) > bound ? 1 : 0;
          }
        });
    return count[0];
  }

  /** The mean over tiles of the largest deviation of a row or column by the smallest. */
  private @Nullable Double imbalance() {
    if (rows.rows() < 2 || width < 2) {
      return null;
    }
    double sum = 0;
    for (int j = 0; j < width; j++) {
      add(j / TILE, deviation(columnSums[j], columnSquares[j], rows.rows()));
    }
    for (int tile = 0; tile < tiles; tile++) {
      if (leastOfTiles[tile] == 0) {
        return null;
      }
      sum += mostOfTiles[tile] / leastOfTiles[tile];
    }
    return sum / tiles;
  }

  private static double deviation(double sum, double squares, long count) {
    return Math.sqrt(Math.max(0, squares - sum * sum / count) / Math.max(1, count - 1));
  }

  private void forEachRow(RowVisitor visitor) {
    int most = Math.max(1, BLOCK / width);
    var values = new float[Math.multiplyExact(most, width)];
    for (long first = 0; first < rows.rows(); first += most) {
      int count = (int) Math.min(most, rows.rows() - first);
      rows.read(first, count, values, 0);
      for (int i = 0; i < count; i++) {
        visitor.visit(values, i * width);
      }
    }
  }

  /** Sees one row after the other. */
  private interface RowVisitor {
    /** A row, whose first value is at {@code at}. */
    void visit(float[] values, int at);
  }
}
