package io.tributary.file.tensorbundle;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.MappedBytes;
import io.tributary.file.MappedRows;
import io.tributary.file.ValueBlocks;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A bundle, open for reading. */
final class TensorBundleFile implements WeightFile {
  static final String SUFFIX = ".index";

  private static final int MOST_BYTES = 1 << 26;

  private final Path path;
  private final Map<String, BundleTensor> tensors = new LinkedHashMap<>();
  private final List<MappedBytes> parts = new ArrayList<>();

  /**
   * Opens a bundle.
   *
   * @param index its file of names
   */
  TensorBundleFile(Path index) {
    path = index;
    BundleIndex found = BundleIndex.parse(index.toString(), bytes(index));
    String name = index.toString();
    String prefix = name.substring(0, name.length() - SUFFIX.length());
    try {
      for (int part = 0; part < found.parts(); part++) {
        String data = String.format(Locale.ROOT, ".data-%05d-of-%05d", part, found.parts());
        parts.add(MappedBytes.open(Path.of(prefix + data)));
      }
      found.tensors().forEach(this::add);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static byte[] bytes(Path index) {
    try {
      long size = Files.size(index);
      if (size > MOST_BYTES) {
        throw new TributaryException(
            ErrorCode.STORAGE,
            index + ": expected an index of at most " + MOST_BYTES + " bytes, found " + size);
      }
      return Files.readAllBytes(index);
    } catch (IOException e) {
      throw Errors.storage(index, "can't read", e);
    }
  }

  /** Tensors come in the order of their bytes. */
  private void add(BundleTensor tensor) {
    long size = tensor.part() < parts.size() ? parts.get(tensor.part()).size() : 0;
    if (tensor.begin() + tensor.size() > size) {
      throw broken(
          "tensor "
              + tensor.name()
              + ": expected bytes inside file "
              + tensor.part()
              + " of "
              + parts.size()
              + ", found "
              + tensor.size()
              + " at "
              + tensor.begin());
    }
    tensors.put(tensor.name(), tensor);
  }

  @Override
  public List<WeightTensor> tensors() {
    return tensors.values().stream().map(BundleTensor::tensor).toList();
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public RowMatrix rows(String name) {
    BundleTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw broken("expected a tensor " + name + ", found none of that name");
    }
    ValueBlocks values =
        tensor
            .values()
            .orElseThrow(
                () ->
                    broken(
                        "tensor "
                            + name
                            + ": expected float32, float16 or bfloat16, found element type "
                            + tensor.type()));
    MappedBytes part = parts.get(tensor.part());
    return tensor.isKernel()
        ? new KernelRows(part, tensor, values)
        : new MappedRows(part, tensor.tensor(), tensor.begin(), values);
  }

  private TributaryException broken(String what) {
    return new TributaryException(ErrorCode.STORAGE, path + ": " + what);
  }

  @Override
  public void close() {
    parts.forEach(MappedBytes::close);
  }
}
