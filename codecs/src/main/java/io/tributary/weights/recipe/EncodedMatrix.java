package io.tributary.weights.recipe;

import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.transform.RowTransform;
import java.util.List;

/** What a recipe made of a matrix. Safe for any thread. */
public interface EncodedMatrix {
  /** The layout of its blocks. */
  RowLayout layout();

  /** What was done to its rows before, in that order. */
  default List<RowTransform> transforms() {
    return List.of();
  }

  /** The number of rows that all blocks but the last are a multiple of. */
  default int rowMultiple() {
    return 1;
  }

  /**
   * The bytes of a block.
   *
   * @param values the weights of its rows, as the matrix has them; they stay as they are
   * @throws io.tributary.error.TributaryException {@code NON_FINITE} if one of them is NaN or
   *     infinite and the recipe can't keep it
   */
  byte[] block(long first, int count, float[] values);

  /** A matrix that was rounded whole. */
  static EncodedMatrix of(GridMatrix grid, List<RowTransform> transforms) {
    return new EncodedMatrix() {
      @Override
      public RowLayout layout() {
        return grid.layout();
      }

      @Override
      public List<RowTransform> transforms() {
        return transforms;
      }

      @Override
      public byte[] block(long first, int count, float[] values) {
        return grid.layout().pack(grid, (int) first, count);
      }
    };
  }
}
