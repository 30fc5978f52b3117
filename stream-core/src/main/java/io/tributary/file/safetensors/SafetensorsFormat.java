package io.tributary.file.safetensors;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** One safetensors file, named itself or by the folder in which it is {@code model.safetensors}. */
public final class SafetensorsFormat implements WeightFormat {
  private static final String SUFFIX = ".safetensors";
  private static final String IN_A_FOLDER = "model" + SUFFIX;

  @Override
  public String name() {
    return "safetensors";
  }

  @Override
  public boolean recognises(Path path, ByteBuffer beginning) {
    if (Files.isDirectory(path)) {
      return Files.isRegularFile(path.resolve(IN_A_FOLDER))
          && !Files.exists(ShardedSafetensorsFormat.indexOf(path));
    }
    return path.toString().endsWith(SUFFIX) || looksLikeOne(beginning);
  }

  /** A length that a header may have, and the brace with which a header begins. */
  private static boolean looksLikeOne(ByteBuffer beginning) {
    if (beginning.remaining() <= SafetensorsHeader.LENGTH_BYTES) {
      return false;
    }
    long length = beginning.getLong(0);
    return length >= 2
        && length <= SafetensorsHeader.MOST_BYTES
        && beginning.get(SafetensorsHeader.LENGTH_BYTES) == '{';
  }

  @Override
  public WeightFile open(Path path) {
    return new SafetensorsWeights(path, Files.isDirectory(path) ? path.resolve(IN_A_FOLDER) : path);
  }
}
