package io.tributary.file.safetensors;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Safetensors files that belong together, named by their index or by the folder in which that is
 * {@code model.safetensors.index.json}.
 */
public final class ShardedSafetensorsFormat implements WeightFormat {
  private static final String SUFFIX = ".safetensors.index.json";

  /** The index of a folder's files, whether it is there or not. */
  static Path indexOf(Path folder) {
    return folder.resolve("model" + SUFFIX);
  }

  @Override
  public String name() {
    return "safetensors-shards";
  }

  @Override
  public boolean recognises(Path path, ByteBuffer beginning) {
    return Files.isDirectory(path)
        ? Files.isRegularFile(indexOf(path))
        : path.toString().endsWith(SUFFIX);
  }

  @Override
  public WeightFile open(Path path) {
    return new ShardedSafetensors(Files.isDirectory(path) ? indexOf(path) : path);
  }
}
