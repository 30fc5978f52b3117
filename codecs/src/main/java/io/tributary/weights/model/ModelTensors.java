package io.tributary.weights.model;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.tensor.RowMatrix;

/** Takes a model's tensors from a file and checks their extents. */
final class ModelTensors {
  private final WeightFile file;

  ModelTensors(WeightFile file) {
    this.file = file;
  }

  /**
   * A matrix.
   *
   * @throws TributaryException {@code STORAGE} if there is none of that name and those extents
   */
  PanelMatrix matrix(String name, int rows, int width) {
    return PanelMatrix.of(rows(name, rows, width));
  }

  /**
   * A vector.
   *
   * @throws TributaryException {@code STORAGE} if there is none of that name and length
   */
  float[] vector(String name, int width) {
    var values = new float[width];
    rows(name, 1, width).read(0, 1, values, 0);
    return values;
  }

  private RowMatrix rows(String name, int rows, int width) {
    RowMatrix found = file.rows(name);
    if (found.rows() != rows || found.width() != width) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "model, tensor "
              + name
              + ": expected "
              + rows
              + " rows of "
              + width
              + ", found "
              + found.rows()
              + " of "
              + found.width());
    }
    return found;
  }
}
