package io.tributary.weights.ggml;

import io.tributary.file.gguf.GgmlType;
import org.jspecify.annotations.Nullable;

/** Q2_K, Q4_K and Q5_K: groups with a scale and a minimum, which are codes under d and dmin. */
final class AffineBlockEncoder extends BlockEncoder {
  private static final int VALUES = 256;

  private final GgmlType type;

  /** Values of a group. */
  private final int group;

  /** The largest code of a value. */
  private final int most;

  /** The largest code of a scale or minimum. */
  private final int mostScale;

  private final float[] weights = new float[32];
  private final float[] groupWeights;
  private final float[] scales;
  private final float[] minima;
  private final byte[] scaleCodes;
  private final byte[] minimumCodes;
  private final byte[] codes = new byte[VALUES];
  private final byte[] groupCodes = new byte[32];

  AffineBlockEncoder(GgmlType type) {
    super(type);
    this.type = type;
    group = type == GgmlType.Q2_K ? 16 : 32;
    most = type == GgmlType.Q2_K ? 3 : type == GgmlType.Q4_K ? 15 : 31;
    mostScale = type == GgmlType.Q2_K ? 15 : 63;
    int groups = VALUES / group;
    groupWeights = new float[groups];
    scales = new float[groups];
    minima = new float[groups];
    scaleCodes = new byte[groups];
    minimumCodes = new byte[groups];
  }

  @Override
  protected void block(
      float[] x, int at, float @Nullable [] importance, int weighed, byte[] target, int to) {
    float mean = meanSquare(x, at, VALUES) * (type == GgmlType.Q2_K ? 1 : 2);
    for (int g = 0; g < scales.length; g++) {
      int first = at + g * group;
      if (importance == null) {
        plainGroup(x, first, g);
      } else {
        float sum = 0;
        for (int j = 0; j < group; j++) {
          float value = x[first + j];
          weights[j] =
              importance[weighed + g * group + j] * (float) Math.sqrt(mean + value * value);
          sum += weights[j];
        }
        groupWeights[g] = sum;
        scales[g] =
            search.affine(x, first, group, most, weights, -0.9f, 0.05f, 36, false, groupCodes);
      }
      minima[g] = search.minimum();
      System.arraycopy(groupCodes, 0, codes, g * group, group);
    }
    int halves = type == GgmlType.Q2_K ? to + 80 : to;
    float d = second(scales, scaleCodes, importance != null, target, halves);
    float dmin = second(minima, minimumCodes, importance != null, target, halves + 2);
    for (int g = 0; g < scales.length; g++) {
      float scale = d * scaleCodes[g];
      float least = dmin * minimumCodes[g];
      for (int j = g * group; scale != 0 && j < (g + 1) * group; j++) {
        codes[j] = (byte) ScaleSearch.clamp((x[at + j] + least) / scale, 0, most);
      }
    }
    switch (type) {
      case Q2_K -> putTwoBitBlock(target, to);
      case Q4_K -> {
        putScales(target, to + 4);
        putNibbles(target, to + 16);
      }
      default -> {
        putScales(target, to + 4);
        putFifthBits(target, to + 16);
        putNibbles(target, to + 48);
      }
    }
  }

  private void plainGroup(float[] x, int first, int g) {
    boolean two = type == GgmlType.Q2_K;
    float rms = two ? 0 : (float) Math.sqrt(meanSquare(x, first, group));
    for (int j = 0; j < group; j++) {
      weights[j] = rms + Math.abs(x[first + j]);
    }
    float from = type == GgmlType.Q4_K ? -1 : -0.5f;
    int steps = type == GgmlType.Q4_K ? 20 : 15;
    scales[g] = search.affine(x, first, group, most, weights, from, 0.1f, steps, two, groupCodes);
  }

  /** Codes of scales or minima, and the number under which they stand, as it is stored. */
  private float second(float[] numbers, byte[] found, boolean weighed, byte[] target, int at) {
    if (weighed) {
      return putHalf(
          search.positive(numbers, 0, numbers.length, mostScale, groupWeights, found), target, at);
    }
    float largest = 0;
    for (float number : numbers) {
      largest = Math.max(largest, number);
    }
    float unit = largest / mostScale;
    for (int g = 0; g < numbers.length; g++) {
      found[g] = (byte) (unit == 0 ? 0 : ScaleSearch.clamp(numbers[g] / unit, 0, mostScale));
    }
    return putHalf(unit, target, at);
  }

  private void putTwoBitBlock(byte[] target, int to) {
    for (int g = 0; g < 16; g++) {
      target[to + g] = (byte) (scaleCodes[g] | minimumCodes[g] << 4);
    }
    putTwoBits(codes, target, to + 16);
  }

  /** Six bits each: four scales with two bits of the next, four minima alike, eight low halves. */
  private void putScales(byte[] target, int at) {
    for (int j = 0; j < 4; j++) {
      target[at + j] = (byte) (scaleCodes[j] | scaleCodes[j + 4] >> 4 << 6);
      target[at + 4 + j] = (byte) (minimumCodes[j] | minimumCodes[j + 4] >> 4 << 6);
      target[at + 8 + j] = (byte) (scaleCodes[j + 4] & 0xF | (minimumCodes[j + 4] & 0xF) << 4);
    }
  }

  private void putNibbles(byte[] target, int at) {
    for (int chunk = 0; chunk < 4; chunk++) {
      for (int j = 0; j < 32; j++) {
        int low = codes[64 * chunk + j] & 0xF;
        int high = codes[64 * chunk + 32 + j] & 0xF;
        target[at + 32 * chunk + j] = (byte) (low | high << 4);
      }
    }
  }

  private void putFifthBits(byte[] target, int at) {
    for (int i = 0; i < VALUES; i++) {
      target[at + i % 32] |= (byte) (codes[i] >> 4 << i / 32);
    }
  }
}
