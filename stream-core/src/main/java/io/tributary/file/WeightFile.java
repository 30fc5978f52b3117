package io.tributary.file;

import io.tributary.error.TributaryException;
import io.tributary.tensor.RowMatrix;
import java.util.List;
import java.util.Map;

/**
 * Named tensors in a file, or in files that belong together, open for reading. Nothing is loaded
 * before it is read. Safe for any thread, except that nothing may be read after {@link #close}.
 */
public interface WeightFile extends AutoCloseable {
  /** The tensors in the order of their bytes. */
  List<WeightTensor> tensors();

  /** What else the file says of itself, as text. */
  Map<String, String> metadata();

  /**
   * A tensor's rows: the elements of its last extent, for all values of the others; a tensor of one
   * extent is one row. Values are float32, exact unless the format itself is coarser. A view, valid
   * until the file is closed.
   *
   * @throws TributaryException {@code STORAGE} if there is no such tensor, it is empty, its rows
   *     are longer than an array, or its elements can't be read as float32
   */
  RowMatrix rows(String name);

  @Override
  void close();
}
