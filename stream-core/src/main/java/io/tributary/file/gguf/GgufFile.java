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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A GGUF file, open for reading. */
public final class GgufFile implements WeightFile {
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

  /**
   * Texts among the metadata, such as a vocabulary's; empty if there is no entry of this name.
   *
   * @throws TributaryException {@code STORAGE} if the entry is something else
   */
  public Optional<List<String>> texts(String key) {
    return array(key, GgufHeader.TEXT, "texts")
        .map(
            array -> {
              var cursor = new GgufCursor(bytes, array.begin());
              var values = new ArrayList<String>(array.count());
              for (int i = 0; i < array.count(); i++) {
                values.add(cursor.text(GgufHeader.LONGEST_TEXT, key));
              }
              return values;
            });
  }

  /** Numbers of 32 bits with signs among the metadata, as {@link #texts} reads texts. */
  public Optional<int[]> numbers(String key) {
    return array(key, GgufHeader.INT32, "numbers of 32 bits")
        .map(
            array -> {
              var cursor = new GgufCursor(bytes, array.begin());
              var values = new int[array.count()];
              Arrays.setAll(values, i -> cursor.int32());
              return values;
            });
  }

  /** float32 numbers among the metadata, as {@link #texts} reads texts. */
  public Optional<float[]> decimals(String key) {
    return array(key, GgufHeader.FLOAT32, "float32 numbers")
        .map(
            array -> {
              var cursor = new GgufCursor(bytes, array.begin());
              var values = new float[array.count()];
              for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(cursor.int32());
              }
              return values;
            });
  }

  private Optional<GgufArray> array(String key, int type, String what) {
    if (!header.metadata().containsKey(key)) {
      return Optional.empty();
    }
    GgufArray array = header.arrays().get(key);
    if (array == null || array.type() != type) {
      String found = array == null ? "a single value" : "an array of type " + array.type();
      throw refused("metadata " + key + ": expected an array of " + what + ", found " + found);
    }
    return Optional.of(array);
  }

  private TributaryException refused(String what) {
    return new TributaryException(ErrorCode.STORAGE, bytes.path() + ": " + what);
  }

  @Override
  public void close() {
    bytes.close();
  }
}
