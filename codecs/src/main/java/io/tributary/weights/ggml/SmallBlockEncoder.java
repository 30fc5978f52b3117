package io.tributary.weights.ggml;

import io.tributary.file.gguf.GgmlType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Q4_0 and Q8_0: 32 values, a scale in half precision, codes. */
final class SmallBlockEncoder extends BlockEncoder {
  private static final int VALUES = 32;
  private static final int BYTES = 18;
  private static final GroupKernel.Trials TRIALS = new GroupKernel.Trials(-0.9f, 0.1f, 19);

  private final boolean eight;
  private final GroupKernel kernel;
  private final GroupStrip strip = new GroupStrip(VALUES);

  SmallBlockEncoder(GgmlType type, GroupKernel kernel) {
    super(type, GroupStrip.GROUPS);
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
    for (int block = 0; block < blocks; block++) {
      if (eight) {
        eightBits(x, at + block * VALUES, target, to + block * (VALUES + 2));
      } else {
        fourBits(x, at + block * VALUES, target, to + block * BYTES);
      }
    }
  }

  private static void eightBits(float[] x, int at, byte[] target, int to) {
    float most = 0;
    for (int j = 0; j < VALUES; j++) {
      most = Math.max(most, Math.abs(x[at + j]));
    }
    float scale = most / 127;
    putHalf(scale, target, to);
    float factor = scale == 0 ? 0 : 1 / scale;
    for (int j = 0; j < VALUES; j++) {
      float value = x[at + j] * factor;
      // Halves away from zero, as ggml rounds here.
      target[to + 2 + j] = (byte) (int) (value + Math.copySign(0.5f, value));
    }
  }

  private static void fourBits(float[] x, int at, byte[] target, int to) {
    float largest = 0;
    for (int j = 0; j < VALUES; j++) {
      if (Math.abs(x[at + j]) > Math.abs(largest)) {
        largest = x[at + j];
      }
    }
    float scale = largest / -8;
    putHalf(scale, target, to);
    float factor = scale == 0 ? 0 : 1 / scale;
    for (int j = 0; j < VALUES / 2; j++) {
      int low = Math.min(15, (int) (x[at + j] * factor + 8.5f));
      int high = Math.min(15, (int) (x[at + j + VALUES / 2] * factor + 8.5f));
      target[to + 2 + j] = (byte) (low | high << 4);
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
      for (int j = 0; j < VALUES / 2; j++) {
        int low = strip.codes[j * GroupStrip.GROUPS + block];
        int high = strip.codes[(j + VALUES / 2) * GroupStrip.GROUPS + block];
        target[to + block * BYTES + 2 + j] = (byte) (low | high << 4);
      }
    }
  }
}
