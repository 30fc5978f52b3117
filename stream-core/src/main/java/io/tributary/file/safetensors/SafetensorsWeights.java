package io.tributary.file.safetensors;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One safetensors file as what all formats of weights are. */
final class SafetensorsWeights implements WeightFile {
  private final Path named;
  private final SafetensorsFile file;
  private final List<WeightTensor> tensors;
  private final Map<String, SafetensorsTensor> byName = new HashMap<>();

  /** Opens {@code path}, which the user calls {@code named}. */
  SafetensorsWeights(Path named, Path path) {
    this.named = named;
    file = SafetensorsFile.open(path);
    tensors = file.tensors().stream().map(SafetensorsWeights::described).toList();
    file.tensors().forEach(tensor -> byName.put(tensor.name(), tensor));
  }

  private static WeightTensor described(SafetensorsTensor tensor) {
    return new WeightTensor(
        tensor.name(), tensor.type().name(), tensor.shape(), tensor.end() - tensor.begin());
  }

  @Override
  public List<WeightTensor> tensors() {
    return tensors;
  }

  @Override
  public Map<String, String> metadata() {
    return file.header().metadata();
  }

  @Override
  public RowMatrix rows(String name) {
    SafetensorsTensor tensor = byName.get(name);
    if (tensor == null) {
      throw new TributaryException(
          ErrorCode.STORAGE, named + ": expected a tensor " + name + ", found none of that name");
    }
    return file.rows(tensor);
  }

  @Override
  public void close() {
    file.close();
  }
}
