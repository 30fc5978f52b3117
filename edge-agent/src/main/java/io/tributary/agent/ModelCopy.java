package io.tributary.agent;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.run.OuterParameters;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.RowMatrix;
import io.tributary.tensor.TensorSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of weights, of any format and recipe, in which an agent finds about the model that it is
 * going to train. Every tensor of the model must be there under its name and with its shape; what
 * the file has besides isn't read. Used by one thread at a time.
 */
final class ModelCopy implements AutoCloseable {
  private static final int SLAB_ELEMENTS = 64 * 1024;

  private final Path path;
  private final WeightFile file;
  private final ModelSchema schema;

  private ModelCopy(Path path, WeightFile file, ModelSchema schema) {
    this.path = path;
    this.file = file;
    this.schema = schema;
  }

  /**
   * Opens a file and looks whether the whole model is in it; reads no values.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read or is no file of weights, {@code
   *     SCHEMA_MISMATCH} if it is another model's
   */
  static ModelCopy open(Path path, ModelSchema schema) {
    WeightFile file = WeightFormats.load().open(path);
    try {
      check(path, file, schema);
      return new ModelCopy(path, file, schema);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void check(Path path, WeightFile file, ModelSchema schema) {
    Map<String, List<Long>> shapes = new HashMap<>();
    for (WeightTensor tensor : file.tensors()) {
      shapes.put(tensor.name(), tensor.shape());
    }
    for (TensorSpec tensor : schema.tensors()) {
      List<Long> expected = tensor.shape().stream().map(Integer::longValue).toList();
      List<Long> found = shapes.get(tensor.name());
      if (!expected.equals(found)) {
        throw new TributaryException(
            ErrorCode.SCHEMA_MISMATCH,
            path
                + ": expected tensor "
                + tensor.name()
                + " of shape "
                + expected
                + ", found "
                + (found == null ? "no such tensor" : "shape " + found));
      }
    }
  }

  /**
   * Sets all values, a slab at a time.
   *
   * @throws TributaryException {@code STORAGE} if the file can't be read, {@code NON_FINITE} if a
   *     value is no number to begin with
   */
  void readInto(OuterParameters theta) {
    List<TensorSpec> tensors = schema.tensors();
    for (int t = 0; t < tensors.size(); t++) {
      RowMatrix rows = file.rows(tensors.get(t).name());
      int width = rows.width();
      int most = (int) Math.min(rows.rows(), Math.max(1, SLAB_ELEMENTS / width));
      var slab = new float[most * width];
      for (long row = 0; row < rows.rows(); row += most) {
        int count = (int) Math.min(most, rows.rows() - row);
        rows.read(row, count, slab, 0);
        checkFinite(tensors.get(t), row * width, slab, count * width);
        theta.set(t, Math.toIntExact(row * width), slab, count * width);
      }
    }
  }

  private void checkFinite(TensorSpec tensor, long first, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        throw new TributaryException(
            ErrorCode.NON_FINITE,
            path
                + ", tensor "
                + tensor.name()
                + ", element "
                + (first + i)
                + ": expected a finite value, found "
                + values[i]);
      }
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
