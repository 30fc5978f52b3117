package io.tributary.file.onnx;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.MappedBytes;
import io.tributary.file.MappedRows;
import io.tributary.file.PlainValues;
import io.tributary.file.ProtobufFields;
import io.tributary.file.ValueBlocks;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model, open for reading. */
final class OnnxFile implements WeightFile {
  private final MappedBytes bytes;
  private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

  OnnxFile(Path path) {
    bytes = MappedBytes.open(path);
    try {
      var fields = new ProtobufFields(path.toString(), bytes.size(), bytes::read);
      for (OnnxTensor tensor : OnnxInitializers.find(fields)) {
        tensors.put(tensor.name(), tensor);
      }
    } catch (RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  @Override
  public List<WeightTensor> tensors() {
    return tensors.values().stream().map(OnnxTensor::tensor).toList();
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public RowMatrix rows(String name) {
    OnnxTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw broken("expected an initializer " + name + ", found none of that name");
    }
    if (tensor.size() == 0) {
      throw broken("initializer " + name + ": expected values in this file, found none");
    }
    return new MappedRows(bytes, tensor.tensor(), tensor.begin(), blocks(tensor));
  }

  private ValueBlocks blocks(OnnxTensor tensor) {
    return switch (tensor.type()) {
      case OnnxTensor.FLOAT -> PlainValues.F32;
      case OnnxTensor.FLOAT16 -> PlainValues.F16;
      case OnnxTensor.BFLOAT16 -> PlainValues.BF16;
      default ->
          throw broken(
              "initializer "
                  + tensor.name()
                  + ": expected float32, float16 or bfloat16, found element type "
                  + tensor.type());
    };
  }

  private TributaryException broken(String what) {
    return new TributaryException(ErrorCode.STORAGE, bytes.path() + ": " + what);
  }

  @Override
  public void close() {
    bytes.close();
  }
}
