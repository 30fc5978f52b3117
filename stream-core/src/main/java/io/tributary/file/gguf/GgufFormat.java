package io.tributary.file.gguf;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** GGUF, known by its first word. */
public final class GgufFormat implements WeightFormat {
  @Override
  public String name() {
    return "gguf";
  }

  @Override
  public boolean recognises(Path path, ByteBuffer beginning) {
    return beginning.remaining() >= Integer.BYTES && beginning.getInt(0) == GgufHeader.MAGIC;
  }

  @Override
  public WeightFile open(Path path) {
    return new GgufFile(path);
  }
}
