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

  private final float[] weights = new float[GROUP];
  private final float[] groupWeights = new float[GROUPS];
  private final float[] scales = new float[GROUPS];
  private final byte[] scaleCodes = new byte[GROUPS];
  private final byte[] codes = new byte[VALUES];
  private final byte[] groupCodes = new byte[GROUP];

  SymmetricBlockEncoder(GgmlType type) {
    super(type);
    three = type == GgmlType.Q3_K;
    most = three ? 4 : 32;
  }

  @Override
  protected void block(
      float[] x, int at, float @Nullable [] importance, int weighed, byte[] target, int to) {
    float mean = 2 * meanSquare(x, at, VALUES);
    for (int g = 0; g < GROUPS; g++) {
      int first = at + g * GROUP;
      float sum = 0;
      for (int j = 0; j < GROUP; j++) {
        float value = x[first + j];
        float square = value * value;
        if (importance == null) {
          weights[j] = square;
        } else {
          float given = importance[weighed + g * GROUP + j];
          weights[j] = three ? given * (float) Math.sqrt(mean + square) : given;
        }
        sum += weights[j];
      }
      groupWeights[g] = sum;
      scales[g] =
          three && importance == null
              ? search.descent(x, first, GROUP, most, weights, groupCodes)
              : search.symmetric(x, first, GROUP, most, weights, groupCodes);
      System.arraycopy(groupCodes, 0, codes, g * GROUP, GROUP);
    }
    float d = second(importance != null, target, three ? to + 108 : to + 208);
    for (int g = 0; g < GROUPS; g++) {
      float scale = d * scaleCodes[g];
      for (int j = g * GROUP; scale != 0 && j < (g + 1) * GROUP; j++) {
        codes[j] = (byte) (ScaleSearch.clamp(x[at + j] / scale, -most, most - 1) + most);
      }
    }
    if (three) {
      putThreeBitBlock(target, to);
    } else {
      putSixBitBlock(target, to);
    }
  }

  /** Signed codes of the scales, and the number under which they stand, as it is stored. */
  private float second(boolean weighed, byte[] target, int at) {
    if (three && weighed) {
      float d = search.symmetric(scales, 0, GROUPS, 32, groupWeights, scaleCodes);
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

  private void putThreeBitBlock(byte[] target, int to) {
    for (int i = 0; i < VALUES; i++) {
      target[to + i % 32] |= (byte) (codes[i] >> 2 << i / 32);
    }
    putTwoBits(codes, target, to + 32);
    int at = to + 96;
    for (int g = 0; g < GROUPS; g++) {
      int code = scaleCodes[g] + 32;
      target[at + g % 8] |= (byte) ((code & 0xF) << g / 8 * 4);
      target[at + 8 + g % 4] |= (byte) (code >> 4 << g / 4 * 2);
    }
  }

  private void putSixBitBlock(byte[] target, int to) {
    for (int i = 0; i < VALUES; i++) {
      int half = i / 128;
      int quarter = i % 128 / 32;
      int low = to + 64 * half + 32 * (quarter % 2) + i % 32;
      target[low] |= (byte) ((codes[i] & 0xF) << quarter / 2 * 4);
      target[to + 128 + 32 * half + i % 32] |= (byte) (codes[i] >> 4 << 2 * quarter);
    }
    for (int g = 0; g < GROUPS; g++) {
      target[to + 192 + g] = scaleCodes[g];
    }
  }
}
