package io.tributary.weights.ggml;

import io.tributary.file.gguf.GgmlType;
import org.jspecify.annotations.Nullable;

/** Q3_K and Q6_K: groups of 16 with a signed scale, which is a code under d. */
final class SymmetricBlockEncoder extends BlockEncoder {
  private static final int LENGTH = 16;

  /** Of a super-block. */
  private static final int GROUPS = 16;

  private static final GroupKernel.Trials THREE = new GroupKernel.Trials(-0.8f, 0.6f, 3);
  private static final GroupKernel.Trials THREE_BY_IMPORTANCE =
      new GroupKernel.Trials(-1.2f, 0.3f, 9);
  private static final GroupKernel.Trials SIX = new GroupKernel.Trials(-3f, 0.5f, 9);

  private final GgmlType type;
  private final boolean three;

  /** Codes lie from {@code -most} to {@code most - 1} and are stored from 0. */
  private final int most;

  /** The same of scales. */
  private final int mostScale;

  private final GroupKernel kernel;
  private final GroupStrip strip = new GroupStrip(LENGTH);

  SymmetricBlockEncoder(GgmlType type, GroupKernel kernel) {
    super(type, GroupStrip.GROUPS / GROUPS);
    this.type = type;
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
    strip.take(x, at, blocks * GROUPS);
    if (importance == null) {
      kernel.weighBySquare(strip);
    } else {
      float share = three ? 7 : Float.POSITIVE_INFINITY;
      for (int block = 0; block < blocks; block++) {
        int column = (place + block * GROUPS * LENGTH) % importance.length;
        strip.weigh(block * GROUPS, (block + 1) * GROUPS, share, importance, column);
      }
    }
    kernel.symmetric(strip, most, trials(importance != null));
    for (int block = 0; block < blocks; block++) {
      // The largest one has the lowest code, of which there is one more than of the highest.
      putUnit(block, largestScale(block) / -mostScale, target, to);
    }
    kernel.symmetricSteps(strip, most, mostScale);
    for (int block = 0; block < blocks; block++) {
      refit(block, target, to);
    }
    kernel.symmetricCodes(strip, most);
    for (int block = 0; block < blocks; block++) {
      if (three) {
        putThreeBitBlock(block, target, to + block * type.blockBytes());
      } else {
        putSixBitBlock(block, target, to + block * type.blockBytes());
      }
    }
  }

  /** Where weights differ much, more trials gain more. */
  private GroupKernel.Trials trials(boolean byImportance) {
    return !three ? SIX : byImportance ? THREE_BY_IMPORTANCE : THREE;
  }

  private float largestScale(int block) {
    float largest = 0;
    for (int g = block * GROUPS; g < (block + 1) * GROUPS; g++) {
      float scale = strip.scales[g];
      largest = Math.abs(scale) > Math.abs(largest) ? scale : largest;
    }
    return largest;
  }

  private void putUnit(int block, float unit, byte[] target, int to) {
    int at = to + (block + 1) * type.blockBytes() - Short.BYTES;
    float stored = putHalf(unit, target, at);
    for (int g = block * GROUPS; g < (block + 1) * GROUPS; g++) {
      strip.scaleUnits[g] = stored;
    }
  }

  /** With all codes as they are, takes the unit that loses least. */
  private void refit(int block, byte[] target, int to) {
    float along = 0;
    float squares = 0;
    for (int g = block * GROUPS; g < (block + 1) * GROUPS; g++) {
      float scale = strip.scaleCodes[g];
      along = Math.fma(scale, strip.sumXc[g], along);
      squares = Math.fma(scale * scale, strip.sumCc[g], squares);
    }
    if (squares > 0) {
      putUnit(block, along / squares, target, to);
    }
  }

  private void putThreeBitBlock(int block, byte[] target, int to) {
    int from = block * GROUPS * LENGTH;
    CodeFields.putEight(strip.codes, from, 32, 2, target, to, 32);
    CodeFields.putFour(strip.codes, from, 32, 0, target, to + 32, 32);
    CodeFields.putFour(strip.codes, from + 128, 32, 0, target, to + 64, 32);
    CodeFields.putSixBitScales(strip.scaleBytes, block * GROUPS, target, to + 96);
  }

  private void putSixBitBlock(int block, byte[] target, int to) {
    int from = block * GROUPS * LENGTH;
    for (int half = 0; half < 2; half++) {
      CodeFields.putTwo(strip.codes, from + 128 * half, 64, target, to + 64 * half, 64);
      CodeFields.putFour(strip.codes, from + 128 * half, 32, 4, target, to + 128 + 32 * half, 32);
    }
    System.arraycopy(strip.scaleBytes, block * GROUPS, target, to + 192, GROUPS);
  }
}
