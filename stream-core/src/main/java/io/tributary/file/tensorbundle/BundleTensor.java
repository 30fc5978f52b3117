package io.tributary.file.tensorbundle;

import io.tributary.file.PlainValues;
import io.tributary.file.ValueBlocks;
import io.tributary.file.WeightTensor;
import java.util.List;
import java.util.Optional;

/**
 * A tensor as the bundle has it.
 *
 * @param name unique in its bundle
 * @param type the number of its element type
 * @param shape the extents, slowest first
 * @param part the file in which its values lie, from 0
 * @param begin the first value's first byte there
 * @param size the bytes of its values
 */
record BundleTensor(String name, int type, List<Long> shape, int part, long begin, long size) {
  private static final int FLOAT = 1;
  private static final int BFLOAT16 = 14;
  private static final int HALF = 19;

  BundleTensor {
    shape = List.copyOf(shape);
  }

  /** How its values lie, or empty for types that aren't read. */
  Optional<ValueBlocks> values() {
    return switch (type) {
      case FLOAT -> Optional.of(PlainValues.F32);
      case HALF -> Optional.of(PlainValues.F16);
      case BFLOAT16 -> Optional.of(PlainValues.BF16);
      default -> Optional.empty();
    };
  }

  /** Whether it is a linear map as TensorFlow keeps it, a row for each input. */
  boolean isKernel() {
    return shape.size() == 2 && (name.equals("kernel") || name.endsWith("/kernel"));
  }

  /** The tensor as it is shown. */
  WeightTensor tensor() {
    String text =
        switch (type) {
          case FLOAT -> "float32";
          case HALF -> "float16";
          case BFLOAT16 -> "bfloat16";
          default -> "type " + type;
        };
    List<Long> shown = isKernel() ? List.of(shape.get(1), shape.get(0)) : shape;
    return new WeightTensor(name, text, shown, size);
  }
}
