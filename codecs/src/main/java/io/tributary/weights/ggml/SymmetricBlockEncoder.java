package io.tributary.weights.ggml;

import io.tributary.file.gguf.GgmlType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Q3_K and Q6_K: groups of 16 with a signed scale, which is a code under d. */
final class SymmetricBlockEncoder extends BlockEncoder {
  private static final int LENGTH = 16;
  private static final GroupKernel.Trials THREE = new GroupKernel.Trials(-1.2f, 0.3f, 8);
  private static final GroupKernel.Trials SIX = new GroupKernel.Trials(-3, 0.6f, 8);

  private final boolean three;

  /** Codes lie from {@code -most} to {@code most - 1} and are stored from 0. */
  private final int most;

  /** The same of scales. */
  private final int mostScale;

  private final GroupKernel kernel;
  private final GroupStrip strip = new GroupStrip(LENGTH);

  SymmetricBlockEncoder(GgmlType type, GroupKernel kernel) {
    super(type, 1);
    this.kernel = kernel;
    three = type == GgmlType.Q3_K;
    most = three ? 4 : 32;
    mostScale = three ? 32 : 128;
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
    strip.take(x, at, GroupStrip.GROUPS);
    if (importance == null) {
      kernel.weighBySquare(strip);
    } else {
      float share = three ? 7 : Float.POSITIVE_INFINITY;
      strip.weigh(0, GroupStrip.GROUPS, share, importance, place % importance.length);
    }
    kernel.symmetric(strip, most, three ? THREE : SIX);
    float largest = 0;
    for (float scale : strip.scales) {
      largest = Math.abs(scale) > Math.abs(largest) ? scale : largest;
    }
    int half = three ? to + 108 : to + 208;
    // The largest one has the lowest code, of which there is one more than of the highest.
    Arrays.fill(strip.scaleUnits, putHalf(largest / -mostScale, target, half));
    kernel.symmetricSteps(strip, most, mostScale);
    refit(target, half);
    kernel.symmetricCodes(strip, most);
    if (three) {
      putThreeBitBlock(target, to);
    } else {
      putSixBitBlock(target, to);
    }
  }

  /** With all codes as they are, takes the unit that loses least. */
  private void refit(byte[] target, int half) {
    double along = 0;
    double squares = 0;
    for (int g = 0; g < GroupStrip.GROUPS; g++) {
      double scale = strip.scaleCodes[g];
      along += scale * strip.sumXc[g];
      squares += scale * scale * strip.sumCc[g];
    }
    if (squares > 0) {
      Arrays.fill(strip.scaleUnits, putHalf((float) (along / squares), target, half));
    }
  }

  private void putThreeBitBlock(byte[] target, int to) {
    for (int j = 0; j < LENGTH; j++) {
      for (int half = 0; half < 2; half++) {
        long row = CodeRows.read(strip, j, 8 * half);
        CodeRows.addBits(row, 2, 4 * half, target, to + j);
        CodeRows.putTwoBits(row, 0, target, to + 32 + 32 * half + j);
      }
    }
    int at = to + 96;
    for (int g = 0; g < GroupStrip.GROUPS; g++) {
      int code = (int) strip.scaleCodes[g] + 32;
      target[at + g % 8] |= (byte) ((code & 0xF) << g / 8 * 4);
      target[at + 8 + g % 4] |= (byte) (code >> 4 << g / 4 * 2);
    }
  }

  private void putSixBitBlock(byte[] target, int to) {
    for (int j = 0; j < LENGTH; j++) {
      for (int half = 0; half < 2; half++) {
        long row = CodeRows.read(strip, j, 8 * half);
        CodeRows.putNibbleQuarters(row, target, to + 64 * half + j);
        CodeRows.putTwoBits(row, 4, target, to + 128 + 32 * half + j);
      }
    }
    for (int g = 0; g < GroupStrip.GROUPS; g++) {
      target[to + 192 + g] = (byte) strip.scaleCodes[g];
    }
  }
}
