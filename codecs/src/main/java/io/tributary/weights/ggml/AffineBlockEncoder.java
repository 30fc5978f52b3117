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

  private final GroupKernel kernel;
  private final GroupKernel.Trials trials;
  private final GroupKernel.Trials weighedTrials = new GroupKernel.Trials(-0.9f, 0.05f, 36, false);
  private final float[] groupWeights;
  private final float[] scales;
  private final float[] minima;
  private final byte[] scaleCodes;
  private final byte[] minimumCodes;

  // Of all blocks at once.
  private float[] weights = {};
  private float[] allScales = {};
  private float[] allMinima = {};
  private byte[] codes = {};

  AffineBlockEncoder(GgmlType type, GroupKernel kernel) {
    super(type);
    this.kernel = kernel;
    trials =
        new GroupKernel.Trials(
            type == GgmlType.Q4_K ? -1 : -0.5f,
            0.1f,
            type == GgmlType.Q4_K ? 20 : 15,
            type == GgmlType.Q2_K);
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
  protected void begin(float[] x, int at, int count, float @Nullable [] importance) {
    if (codes.length < count) {
      weights = new float[count];
      codes = new byte[count];
      allScales = new float[count / group];
      allMinima = new float[count / group];
    }
    if (importance == null) {
      for (int i = 0; i < count; i += group) {
        float rms = type == GgmlType.Q2_K ? 0 : (float) Math.sqrt(meanSquare(x, at + i, group));
        for (int j = i; j < i + group; j++) {
          weights[j] = rms + Math.abs(x[at + j]);
        }
      }
    } else {
      for (int i = 0; i < count; i += VALUES) {
        float mean = meanSquare(x, at + i, VALUES) * (type == GgmlType.Q2_K ? 1 : 2);
        for (int j = i; j < i + VALUES; j++) {
          weights[j] = importance[j] * (float) Math.sqrt(mean + x[at + j] * x[at + j]);
        }
      }
    }
    var chosen = importance == null ? trials : weighedTrials;
    kernel.affine(
        x, at, group, 0, count / group, most, weights, chosen, codes, allScales, allMinima);
  }

  @Override
  protected void block(
      float[] x, int at, float @Nullable [] importance, int weighed, byte[] target, int to) {
    System.arraycopy(allScales, weighed / group, scales, 0, scales.length);
    System.arraycopy(allMinima, weighed / group, minima, 0, minima.length);
    if (importance != null) {
      for (int g = 0; g < scales.length; g++) {
        groupWeights[g] = 0;
        for (int j = 0; j < group; j++) {
          groupWeights[g] += weights[weighed + g * group + j];
        }
      }
    }
    int halves = type == GgmlType.Q2_K ? to + 80 : to;
    float d = second(scales, scaleCodes, importance != null, target, halves);
    float dmin = second(minima, minimumCodes, importance != null, target, halves + 2);
    for (int g = 0; g < scales.length; g++) {
      float scale = d * scaleCodes[g];
      float least = dmin * minimumCodes[g];
      if (scale != 0) {
        int first = g * group;
        kernel.round(x, at + first, group, least, scale, 0, most, codes, weighed + first);
      }
    }
    switch (type) {
      case Q2_K -> putTwoBitBlock(weighed, target, to);
      case Q4_K -> {
        putScales(target, to + 4);
        putNibbles(weighed, target, to + 16);
      }
      default -> {
        putScales(target, to + 4);
        putFifthBits(weighed, target, to + 16);
        putNibbles(weighed, target, to + 48);
      }
    }
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

  private void putTwoBitBlock(int from, byte[] target, int to) {
    for (int g = 0; g < 16; g++) {
      target[to + g] = (byte) (scaleCodes[g] | minimumCodes[g] << 4);
    }
    putTwoBits(codes, from, target, to + 16);
  }

  /** Six bits each: four scales with two bits of the next, four minima alike, eight low halves. */
  private void putScales(byte[] target, int at) {
    for (int j = 0; j < 4; j++) {
      target[at + j] = (byte) (scaleCodes[j] | scaleCodes[j + 4] >> 4 << 6);
      target[at + 4 + j] = (byte) (minimumCodes[j] | minimumCodes[j + 4] >> 4 << 6);
      target[at + 8 + j] = (byte) (scaleCodes[j + 4] & 0xF | (minimumCodes[j + 4] & 0xF) << 4);
    }
  }

  private void putNibbles(int from, byte[] target, int at) {
    for (int chunk = 0; chunk < 4; chunk++) {
      for (int j = 0; j < 32; j++) {
        int low = codes[from + 64 * chunk + j] & 0xF;
        int high = codes[from + 64 * chunk + 32 + j] & 0xF;
        target[at + 32 * chunk + j] = (byte) (low | high << 4);
      }
    }
  }

  private void putFifthBits(int from, byte[] target, int at) {
    for (int i = 0; i < VALUES; i++) {
      target[at + i % 32] |= (byte) (codes[from + i] >> 4 << i / 32);
    }
  }
}
