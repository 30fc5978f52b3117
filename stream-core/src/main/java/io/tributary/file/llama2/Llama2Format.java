package io.tributary.file.llama2;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The layout of llama2.c: files that end in {@code .bin} and begin with seven fitting numbers. */
public final class Llama2Format implements WeightFormat {
  @Override
  public String name() {
    return "llama2.c";
  }

  @Override
  public boolean recognises(Path path, ByteBuffer beginning) {
    return path.toString().endsWith(".bin") && Llama2Header.looksLikeOne(beginning);
  }

  @Override
  public WeightFile open(Path path) {
    return new Llama2File(path);
  }
}
