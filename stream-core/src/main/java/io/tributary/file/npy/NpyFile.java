package io.tributary.file.npy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.MappedBytes;
import io.tributary.file.MappedRows;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An array of NumPy, open for reading. */
final class NpyFile implements WeightFile {
  private final MappedBytes bytes;
  private final NpyHeader header;
  private final WeightTensor tensor;

  /** Opens an array that is to have a name. */
  NpyFile(Path path, String name) {
    bytes = MappedBytes.open(path);
    try {
      int most = NpyHeader.MOST_BEFORE + NpyHeader.MOST_BYTES;
      var beginning = new byte[(int) Math.min(bytes.size(), most)];
      bytes.read(0, beginning, 0, beginning.length);
      header = NpyHeader.parse(path.toString(), ByteBuffer.wrap(beginning), bytes.size());
      tensor = header.tensor(name);
    } catch (RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  @Override
  public List<WeightTensor> tensors() {
    return List.of(tensor);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public RowMatrix rows(String name) {
    if (!name.equals(tensor.name())) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          bytes.path() + ": expected a tensor " + name + ", found " + tensor.name() + " alone");
    }
    return new MappedRows(bytes, tensor, header.dataAt(), header.blocks());
  }

  @Override
  public void close() {
    bytes.close();
  }
}
