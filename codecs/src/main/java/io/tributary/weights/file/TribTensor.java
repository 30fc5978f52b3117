package io.tributary.weights.file;

import io.tributary.file.WeightTensor;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.transform.RowTransform;
import java.util.List;

/**
 * How a tensor lies in a file.
 *
 * @param name unique in the file
 * @param source its type in the file that it came from, for people
 * @param recipe what made the bytes, for people
 * @param shape the extents, slowest first
 * @param blockRows rows of each block but the last, at least 1
 * @param layout of the blocks
 * @param transforms in the order in which they were applied
 */
public record TribTensor(
    String name,
    String source,
    String recipe,
    List<Long> shape,
    int blockRows,
    RowLayout layout,
    List<RowTransform> transforms) {
  /** The most values of a block. */
  public static final int MOST_BLOCK_VALUES = 1 << 26;

  /** Freezes the lists. */
  public TribTensor {
    shape = List.copyOf(shape);
    transforms = List.copyOf(transforms);
  }

  /** Values of a row: the last extent, 1 of a single number. */
  public int width() {
    return Math.toIntExact(shape.isEmpty() ? 1 : shape.get(shape.size() - 1));
  }

  /** The number of rows: the product of all extents but the last. */
  public long rows() {
    long rows = 1;
    for (int i = 0; i < shape.size() - 1; i++) {
      rows = Math.multiplyExact(rows, shape.get(i));
    }
    return width() == 0 ? 0 : rows;
  }

  /** The number of blocks. */
  public long blocks() {
    return (rows() + blockRows - 1) / blockRows;
  }

  /** Rows of a block. */
  public int rowsOf(long block) {
    return (int) Math.min(blockRows, rows() - block * blockRows);
  }

  /** Pieces that each block is cut into. */
  public int sections() {
    return 1 + layout.cuts(blockRows, Math.max(1, width())).length;
  }

  WeightTensor weights(long bytes) {
    return new WeightTensor(name, recipe, shape, bytes);
  }
}
