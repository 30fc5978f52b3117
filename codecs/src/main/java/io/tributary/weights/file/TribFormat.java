package io.tributary.weights.file;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Brings {@code .trib} files to whoever reads weights. A file whose name ends in {@code .part} may
 * be the beginning of one in progressive order; of any other one nothing may be missing.
 */
public final class TribFormat implements WeightFormat {
  private static final String PART = ".part";

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
    return path.toString().endsWith(PART) ? TribFile.openPart(path) : TribFile.open(path);
  }
}
