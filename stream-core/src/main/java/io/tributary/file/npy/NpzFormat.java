package io.tributary.file.npy;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Several arrays of NumPy in an archive, its entries stored or deflated. */
public final class NpzFormat implements WeightFormat {
  /** {@code PK}, 3, 4: a ZIP archive that begins with an entry. */
  private static final int MAGIC = 0x04034B50;

  @Override
  public String name() {
    return "npz";
  }

  @Override
  public boolean recognises(Path path, ByteBuffer beginning) {
    return path.toString().endsWith(".npz")
        && beginning.remaining() >= Integer.BYTES
        && beginning.getInt(0) == MAGIC;
  }

  @Override
  public WeightFile open(Path path) {
    return new NpzFile(path);
  }
}
