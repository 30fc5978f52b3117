package io.tributary.weights.ggml;

import io.tributary.file.gguf.GgmlType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Q2_K, Q4_K and Q5_K: groups with a scale and a minimum, which are codes under d and dmin. */
final class AffineBlockEncoder extends BlockEncoder {
  private static final int VALUES = 256;

  /** Below it, scales and minima of a block can't be told apart. */
  private static final double LEAST_DETERMINANT = 1e-6;

  private static final GroupKernel.Trials TWO = new GroupKernel.Trials(-0.5f, 0.2f, 9);
  private static final GroupKernel.Trials FOUR = new GroupKernel.Trials(-1.2f, 0.15f, 17);
  private static final GroupKernel.Trials FIVE = new GroupKernel.Trials(-2, 0.25f, 16);

  private final GgmlType type;
  private final GroupKernel kernel;
  private final GroupKernel.Trials trials;

  /** Groups of a super-block. */
  private final int groups;

  /** The largest code of a value. */
  private final int most;

  /** The largest code of a scale or minimum. */
  private final int mostScale;

  private final GroupStrip strip;

  AffineBlockEncoder(GgmlType type, GroupKernel kernel) {
    super(type, GroupStrip.GROUPS / (type == GgmlType.Q2_K ? 16 : 8));
    this.type = type;
    this.kernel = kernel;
    boolean two = type == GgmlType.Q2_K;
    boolean four = type == GgmlType.Q4_K;
    trials = two ? TWO : four ? FOUR : FIVE;
    groups = two ? 16 : 8;
    most = two ? 3 : four ? 15 : 31;
    mostScale = two ? 15 : 63;
    strip = new GroupStrip(VALUES / groups);
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
    strip.take(x, at, blocks * groups);
    if (importance == null) {
      kernel.weighBySize(strip, type == GgmlType.Q2_K ? 0.5f : 1);
    } else {
      for (int block = 0; block < blocks; block++) {
        int column = (place + block * VALUES) % importance.length;
        float share = type == GgmlType.Q2_K ? 1 : 3;
        strip.weigh(block * groups, (block + 1) * groups, share, importance, column);
      }
    }
    kernel.affine(strip, most, trials);
    for (int block = 0; block < blocks; block++) {
      int half = halves(to, block);
      putUnit(strip.scaleUnits, block, largest(strip.scales, block) / mostScale, target, half);
      putUnit(
          strip.minimumUnits, block, largest(strip.minima, block) / mostScale, target, half + 2);
    }
    kernel.affineSteps(strip, most, mostScale);
    for (int block = 0; block < blocks; block++) {
      refit(block, target, halves(to, block));
    }
    kernel.affineCodes(strip, most);
    for (int block = 0; block < blocks; block++) {
      int group = block * groups;
      int start = to + block * type.blockBytes();
      switch (type) {
        case Q2_K -> putTwoBitBlock(block, target, start);
        case Q4_K -> {
          putScales(group, target, start + 4);
          putNibbles(block, target, start + 16);
        }
        default -> {
          putScales(group, target, start + 4);
          CodeFields.putEight(strip.codes, block * VALUES, 32, 4, target, start + 16, 32);
          putNibbles(block, target, start + 48);
        }
      }
    }
  }

  /** Where d and dmin of a block go. */
  private int halves(int to, int block) {
    return to + block * type.blockBytes() + (type == GgmlType.Q2_K ? 80 : 0);
  }

  private float largest(float[] numbers, int block) {
    return GroupStrip.largest(numbers, block * groups, (block + 1) * groups);
  }

  private void putUnit(float[] units, int block, float unit, byte[] target, int at) {
    Arrays.fill(units, block * groups, (block + 1) * groups, putHalf(unit, target, at));
  }

  /** With all codes as they are, takes the two units that lose least together. */
  private void refit(int block, byte[] target, int half) {
    double scales = 0;
    double both = 0;
    double minima = 0;
    double alongScales = 0;
    double alongMinima = 0;
    for (int g = block * groups; g < (block + 1) * groups; g++) {
      double scale = strip.scaleCodes[g];
      double minimum = strip.minimumCodes[g];
      scales += scale * scale * strip.sumCc[g];
      both += scale * minimum * strip.sumC[g];
      minima += minimum * minimum * strip.sumW[g];
      alongScales += scale * strip.sumXc[g];
      alongMinima += minimum * strip.sumX[g];
    }
    double determinant = scales * minima - both * both;
    if (determinant > LEAST_DETERMINANT * scales * minima) {
      double unit = (alongScales * minima - both * alongMinima) / determinant;
      double minimumUnit = (both * alongScales - scales * alongMinima) / determinant;
      if (unit > 0 && minimumUnit > 0) {
        putUnit(strip.scaleUnits, block, (float) unit, target, half);
        putUnit(strip.minimumUnits, block, (float) minimumUnit, target, half + 2);
      }
    } else if (minima == 0 && alongScales > 0) {
      putUnit(strip.scaleUnits, block, (float) (alongScales / scales), target, half);
    }
  }

  private void putTwoBitBlock(int block, byte[] target, int to) {
    for (int g = 0; g < groups; g++) {
      int scale = strip.scaleBytes[block * groups + g];
      int minimum = strip.minimumBytes[block * groups + g];
      target[to + g] = (byte) (scale | minimum << 4);
    }
    CodeFields.putFour(strip.codes, block * VALUES, 32, 0, target, to + 16, 32);
    CodeFields.putFour(strip.codes, block * VALUES + 128, 32, 0, target, to + 48, 32);
  }

  /** Six bits each: four scales with two bits of the next, four minima alike, eight low halves. */
  private void putScales(int group, byte[] target, int at) {
    for (int j = 0; j < 4; j++) {
      int scale = strip.scaleBytes[group + j];
      int nextScale = strip.scaleBytes[group + j + 4];
      int minimum = strip.minimumBytes[group + j];
      int nextMinimum = strip.minimumBytes[group + j + 4];
      target[at + j] = (byte) (scale | nextScale >> 4 << 6);
      target[at + 4 + j] = (byte) (minimum | nextMinimum >> 4 << 6);
      target[at + 8 + j] = (byte) (nextScale & 0xF | (nextMinimum & 0xF) << 4);
    }
  }

  private void putNibbles(int block, byte[] target, int at) {
    for (int pair = 0; pair < 4; pair++) {
      int from = block * VALUES + 64 * pair;
      CodeFields.putTwo(strip.codes, from, 32, target, at + 32 * pair, 32);
    }
  }
}
