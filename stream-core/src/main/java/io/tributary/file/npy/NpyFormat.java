package io.tributary.file.npy;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** One array of NumPy: a tensor named after its file. */
public final class NpyFormat implements WeightFormat {
  @Override
  public String name() {
    return "npy";
  }

  @Override
  public boolean recognises(Path path, ByteBuffer beginning) {
    return NpyHeader.looksLikeOne(beginning);
  }

  @Override
  public WeightFile open(Path path) {
    return new NpyFile(path, String.valueOf(path.getFileName()).replaceFirst("\\.npy$", ""));
  }
}
