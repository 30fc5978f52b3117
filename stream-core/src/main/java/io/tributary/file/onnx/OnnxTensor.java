package io.tributary.file.onnx;

import io.tributary.file.WeightTensor;
import java.util.List;

/**
 * An initializer.
 *
 * @param name unique in its model
 * @param type the number of its element type
 * @param shape the extents, slowest first
 * @param begin the first value's first byte in the file
 * @param size the bytes of its values there; 0 if they lie elsewhere, or one by one
 */
record OnnxTensor(String name, int type, List<Long> shape, long begin, long size) {
  static final int FLOAT = 1;
  static final int FLOAT16 = 10;
  static final int BFLOAT16 = 16;

  OnnxTensor {
    shape = List.copyOf(shape);
  }

  /** The bytes of an element, or 0 for types that aren't read. */
  int elementBytes() {
    return switch (type) {
      case FLOAT -> Float.BYTES;
      case FLOAT16, BFLOAT16 -> Short.BYTES;
      default -> 0;
    };
  }

  WeightTensor tensor() {
    String text =
        switch (type) {
          case FLOAT -> "float32";
          case FLOAT16 -> "float16";
          case BFLOAT16 -> "bfloat16";
          default -> "type " + type;
        };
    return new WeightTensor(name, text, shape, size);
  }
}
