package io.tributary.weights.ggml;

import io.tributary.file.gguf.GgmlType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Q4_0 and Q8_0: 32 values, a scale in half precision, codes. */
final class SmallBlockEncoder extends BlockEncoder {
  private static final int VALUES = SmallBlockKernel.VALUES;
  private static final int BYTES = 18;
  private static final GroupKernel.Trials TRIALS = new GroupKernel.Trials(-0.9f, 0.1f, 21);

  private final boolean eight;
  private final SmallBlockKernel blockKernel;
  private final GroupKernel kernel;
  private final GroupStrip strip = new GroupStrip(VALUES);

  SmallBlockEncoder(GgmlType type, SmallBlockKernel blockKernel, GroupKernel kernel) {
    super(type, GroupStrip.GROUPS);
    this.blockKernel = blockKernel;
    this.kernel = kernel;
    eight = type == GgmlType.Q8_0;
  }

  @Override
  void encode(
      float[] x,
      int at,
      int blocks,
      float @Nullable [] importance,
      int place,
      byte[] target,
      int to) {
    if (!eight && importance != null) {
      weighed(x, at, blocks, importance, place, target, to);
      return;
    }
    if (eight) {
      blockKernel.eightBits(x, at, blocks, target, to);
    } else {
      blockKernel.fourBits(x, at, blocks, target, to);
    }
  }

  private void weighed(
      float[] x, int at, int blocks, float[] importance, int place, byte[] target, int to) {
    strip.take(x, at, blocks);
    for (int block = 0; block < blocks; block++) {
      int column = (place + block * VALUES) % importance.length;
      strip.weigh(block, block + 1, 1, importance, column);
    }
    kernel.symmetric(strip, 8, TRIALS);
    for (int block = 0; block < blocks; block++) {
      strip.scaleUnits[block] = putHalf(strip.scales[block], target, to + block * BYTES);
    }
    Arrays.fill(strip.scaleCodes, 1);
    kernel.symmetricCodes(strip, 8);
    for (int block = 0; block < blocks; block++) {
      int half = VALUES / 2;
      CodeFields.putTwo(strip.codes, block * VALUES, half, target, to + block * BYTES + 2, half);
    }
  }
}
