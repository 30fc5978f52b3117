package io.tributary.file.gguf;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.MappedBytes;
import io.tributary.file.MappedRows;
import io.tributary.file.ValueBlocks;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A GGUF file, open for reading. */
final class GgufFile implements WeightFile {
  private final MappedBytes bytes;
  private final GgufHeader header;
  private final Map<String, GgufTensor> byName = new HashMap<>();

  GgufFile(Path path) {
    bytes = MappedBytes.open(path);
    try {
      header = GgufHeader.read(bytes);
    } catch (RuntimeException e) {
      bytes.close();
      throw e;
    }
    header.tensors().forEach(tensor -> byName.put(tensor.described().name(), tensor));
  }

  @Override
  public List<WeightTensor> tensors() {
    return header.tensors().stream().map(GgufTensor::described).toList();
  }

  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public RowMatrix rows(String name) {
    GgufTensor tensor = byName.get(name);
    if (tensor == null) {
      throw refused("expected a tensor " + name + ", found none of that name");
    }
    ValueBlocks blocks =
        tensor
            .type()
            .blocks()
            .orElseThrow(
                () ->
                    refused(
                        "tensor "
                            + name
                            + ": expected a type of "
                            + Arrays.stream(GgmlType.values())
                                .filter(type -> type.blocks().isPresent())
                                .toList()
                            + ", found "
                            + tensor.type()));
    return new MappedRows(bytes, tensor.described(), tensor.begin(), blocks);
  }

  private TributaryException refused(String what) {
    return new TributaryException(ErrorCode.STORAGE, bytes.path() + ": " + what);
  }

  @Override
  public void close() {
    bytes.close();
  }
}
