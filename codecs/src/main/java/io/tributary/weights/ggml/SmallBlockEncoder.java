package io.tributary.weights.ggml;

import io.tributary.file.gguf.GgmlType;
import org.jspecify.annotations.Nullable;

/** Q4_0 and Q8_0: 32 values, a scale in half precision, codes. */
final class SmallBlockEncoder extends BlockEncoder {
  private static final int VALUES = 32;

  private final boolean eight;
  private final float[] weights = new float[VALUES];
  private final byte[] codes = new byte[VALUES];

  SmallBlockEncoder(GgmlType type) {
    super(type);
    eight = type == GgmlType.Q8_0;
  }

  @Override
  protected void block(
      float[] x, int at, float @Nullable [] importance, int weighed, byte[] target, int to) {
    if (eight) {
      eightBits(x, at, target, to);
    } else {
      fourBits(x, at, importance, weighed, target, to);
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

  private void fourBits(
      float[] x, int at, float @Nullable [] importance, int weighed, byte[] target, int to) {
    if (importance == null) {
      float largest = 0;
      for (int j = 0; j < VALUES; j++) {
        if (Math.abs(x[at + j]) > Math.abs(largest)) {
          largest = x[at + j];
        }
      }
      float scale = largest / -8;
      putHalf(scale, target, to);
      float factor = scale == 0 ? 0 : 1 / scale;
      for (int j = 0; j < VALUES; j++) {
        codes[j] = (byte) Math.min(15, (int) (x[at + j] * factor + 8.5f));
      }
    } else {
      float mean = meanSquare(x, at, VALUES);
      for (int j = 0; j < VALUES; j++) {
        weights[j] = importance[weighed + j] * (float) Math.sqrt(mean + x[at + j] * x[at + j]);
      }
      putHalf(search.symmetric(x, at, VALUES, 0, 8, weights, codes), target, to);
    }
    for (int j = 0; j < VALUES / 2; j++) {
      target[to + 2 + j] = (byte) (codes[j] | codes[j + VALUES / 2] << 4);
    }
  }
}
