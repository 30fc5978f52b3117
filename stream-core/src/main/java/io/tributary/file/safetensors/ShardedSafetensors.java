package io.tributary.file.safetensors;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Files that belong together by an index, in the order of their names. */
final class ShardedSafetensors implements WeightFile {
  private static final int MOST_FILES = 4096;

  private final Path index;
  private final Map<String, SafetensorsWeights> shards = new TreeMap<>();
  private final Map<String, SafetensorsWeights> byTensor = new HashMap<>();
  private final List<WeightTensor> tensors = new ArrayList<>();
  private final Map<String, String> metadata = new HashMap<>();

  ShardedSafetensors(Path path) {
    index = path;
    ShardIndex found = ShardIndex.read(path);
    var names = new TreeSet<>(found.files().values());
    if (names.size() > MOST_FILES) {
      throw broken("expected at most " + MOST_FILES + " files, found " + names.size());
    }
    try {
      for (String name : names) {
        open(name, found.files());
      }
      for (Map.Entry<String, String> entry : found.files().entrySet()) {
        if (!byTensor.containsKey(entry.getKey())) {
          throw broken(
              "expected tensor " + entry.getKey() + " in " + entry.getValue() + ", found none");
        }
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    metadata.putAll(found.metadata());
  }

  private void open(String name, Map<String, String> files) {
    Path path = index.resolveSibling(name);
    var shard = new SafetensorsWeights(index, path);
    shards.put(name, shard);
    metadata.putAll(shard.metadata());
    for (WeightTensor tensor : shard.tensors()) {
      if (!name.equals(files.get(tensor.name()))) {
        throw broken("expected to find tensor " + tensor.name() + " of " + name + " in it");
      }
      tensors.add(tensor);
      byTensor.put(tensor.name(), shard);
    }
  }

  private TributaryException broken(String what) {
    return new TributaryException(ErrorCode.STORAGE, index + ": " + what);
  }

  @Override
  public List<WeightTensor> tensors() {
    return List.copyOf(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  @Override
  public RowMatrix rows(String name) {
    SafetensorsWeights shard = byTensor.get(name);
    if (shard == null) {
      throw broken("expected a tensor " + name + ", found none of that name");
    }
    return shard.rows(name);
  }

  @Override
  public void close() {
    shards.values().forEach(SafetensorsWeights::close);
  }
}
