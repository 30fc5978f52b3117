package io.tributary.file.onnx;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Models of ONNX. They have no magic number, so the file's name counts. */
public final class OnnxFormat implements WeightFormat {
  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public boolean recognises(Path path, ByteBuffer beginning) {
    return path.toString().endsWith(".onnx") && beginning.hasRemaining();
  }

  @Override
  public WeightFile open(Path path) {
    return new OnnxFile(path);
  }
}
