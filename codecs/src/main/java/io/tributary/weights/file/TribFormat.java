package io.tributary.weights.file;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** Brings {@code .trib} files to whoever reads weights. */
public final class TribFormat implements WeightFormat {
  @Override
  public String name() {
    return "trib";
  }

  @Override
  public boolean recognises(Path path, ByteBuffer beginning) {
    var magic = new byte[TribIndex.MAGIC.length];
    if (beginning.remaining() < magic.length) {
      return false;
    }
    beginning.get(beginning.position(), magic);
    return Arrays.equals(magic, TribIndex.MAGIC);
  }

  @Override
  public WeightFile open(Path path) {
    return TribFile.open(path);
  }
}
