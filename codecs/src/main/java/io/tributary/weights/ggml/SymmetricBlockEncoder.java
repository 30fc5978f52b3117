package io.tributary.weights.ggml;

import io.tributary.file.gguf.GgmlType;
import org.jspecify.annotations.Nullable;

/** Q3_K and Q6_K: groups of 16 with a signed scale, which is a code under d. */
final class SymmetricBlockEncoder extends BlockEncoder {
  private static final int VALUES = 256;
  private static final int GROUP = 16;
  private static final int GROUPS = VALUES / GROUP;

  private final boolean three;

  /** Codes lie from {@code -most} to {@code most - 1} and are stored from 0. */
  private final int most;

  private final GroupKernel kernel;
  private final float[] groupWeights = new float[GROUPS];
  private final float[] scales = new float[GROUPS];
  private final byte[] scaleCodes = new byte[GROUPS];

  // Of all blocks at once.
  private float[] weights = {};
  private float[] allScales = {};
  private byte[] codes = {};

  SymmetricBlockEncoder(GgmlType type, GroupKernel kernel) {
    super(type);
    this.kernel = kernel;
    three = type == GgmlType.Q3_K;
    most = three ? 4 : 32;
  }

  @Override
  protected void begin(float[] x, int at, int count, float @Nullable [] importance) {
    if (codes.length < count) {
      weights = new float[count];
      codes = new byte[count];
      allScales = new float[count / GROUP];
    }
    for (int i = 0; i < count; i += VALUES) {
      boolean both = three && importance != null;
      float mean = both ? 2 * meanSquare(x, at + i, VALUES) : 0;
      for (int j = i; j < i + VALUES; j++) {
        float square = x[at + j] * x[at + j];
        weights[j] =
            importance == null
                ? square
                : both ? importance[j] * (float) Math.sqrt(mean + square) : importance[j];
      }
    }
    int groups = count / GROUP;
    if (three && importance == null) {
      kernel.descent(x, at, GROUP, 0, groups, most, weights, codes, allScales);
    } else {
      kernel.symmetric(x, at, GROUP, 0, groups, most, weights, codes, allScales);
    }
  }

  @Override
  protected void block(
      float[] x, int at, float @Nullable [] importance, int weighed, byte[] target, int to) {
    System.arraycopy(allScales, weighed / GROUP, scales, 0, GROUPS);
    if (importance != null) {
      for (int g = 0; g < GROUPS; g++) {
        groupWeights[g] = 0;
        for (int j = 0; j < GROUP; j++) {
          groupWeights[g] += weights[weighed + g * GROUP + j];
        }
      }
    }
    float d = second(importance != null, target, three ? to + 108 : to + 208);
    for (int g = 0; g < GROUPS; g++) {
      float scale = d * scaleCodes[g];
      if (scale != 0) {
        int first = g * GROUP;
        kernel.round(x, at + first, GROUP, 0, scale, -most, most - 1, codes, weighed + first);
      }
    }
    if (three) {
      putThreeBitBlock(weighed, target, to);
    } else {
      putSixBitBlock(weighed, target, to);
    }
  }

  /** Signed codes of the scales, and the number under which they stand, as it is stored. */
  private float second(boolean weighed, byte[] target, int at) {
    if (three && weighed) {
      float d = search.symmetric(scales, 0, GROUPS, 0, 32, groupWeights, scaleCodes);
      for (int g = 0; g < GROUPS; g++) {
        scaleCodes[g] -= 32;
      }
      return putHalf(d, target, at);
    }
    float largest = 0;
    for (float scale : scales) {
      largest = Math.abs(scale) > Math.abs(largest) ? scale : largest;
    }
    int end = three ? 32 : 128;
    float factor = largest == 0 ? 0 : -end / largest;
    for (int g = 0; g < GROUPS; g++) {
      scaleCodes[g] = (byte) ScaleSearch.clamp(factor * scales[g], -end, end - 1);
    }
    return putHalf(factor == 0 ? 0 : 1 / factor, target, at);
  }

  private void putThreeBitBlock(int from, byte[] target, int to) {
    for (int i = 0; i < VALUES; i++) {
      target[to + i % 32] |= (byte) (codes[from + i] >> 2 << i / 32);
    }
    putTwoBits(codes, from, target, to + 32);
    int at = to + 96;
    for (int g = 0; g < GROUPS; g++) {
      int code = scaleCodes[g] + 32;
      target[at + g % 8] |= (byte) ((code & 0xF) << g / 8 * 4);
      target[at + 8 + g % 4] |= (byte) (code >> 4 << g / 4 * 2);
    }
  }

  private void putSixBitBlock(int from, byte[] target, int to) {
    for (int i = 0; i < VALUES; i++) {
      int half = i / 128;
      int quarter = i % 128 / 32;
      int low = to + 64 * half + 32 * (quarter % 2) + i % 32;
      target[low] |= (byte) ((codes[from + i] & 0xF) << quarter / 2 * 4);
      target[to + 128 + 32 * half + i % 32] |= (byte) (codes[from + i] >> 4 << 2 * quarter);
    }
    for (int g = 0; g < GROUPS; g++) {
      target[to + 192 + g] = scaleCodes[g];
    }
  }
}
