package io.tributary.codecs.fp4;

import static io.tributary.codecs.fp4.Fp4Format.GROUP;

import io.tributary.codecs.block.BlockScale;

/** The definition of the arithmetic of both formats: every other kernel is tested against it. */
final class Fp4ScalarKernel implements Fp4Kernel {
  static final int INFINITY = 0x7F80_0000;
  static final int SIGN = 8;

  /** The pattern of 12, what the largest code means. */
  static final int LARGEST = 0x4140_0000;

  /** The pattern of 2, the least number with an exponent of its own. */
  static final int LEAST_NORMAL = 0x4000_0000;

  /** How far a code's magnitude lies to the left in a float32. */
  static final int SHIFT = 22;

  /** Takes a number's exponent to that of a number whose last place is the code's. */
  static final int TO_LAST_PLACE = SHIFT << 23;

  private static final float[] MEANING = {
    0, 1, 2, 3, 4, 6, 8, 12, -0f, -1, -2, -3, -4, -6, -8, -12
  };

  private final int block;

  Fp4ScalarKernel(Fp4Format format) {
    block = format.block();
  }

  @Override
  public int largest(float[] source, int from, int count) {
    int largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, BlockScale.magnitude(source[i]));
    }
    return largest;
  }

  @Override
  public boolean encode(
      float[] source,
      int from,
      int count,
      Fp4Scales scales,
      byte[] target,
      int scalesAt,
      int codesAt) {
    for (int i = 0; i < count; i += block) {
      int largest = largest(source, from + i, Math.min(block, count - i));
      if (largest >= INFINITY) {
        return false;
      }
      target[scalesAt + i / block] = (byte) scales.of(largest);
    }
    for (int i = 0; i < count; i++) {
      float factor = scales.factors[target[scalesAt + i / block] & 0xFF];
      int code = code(source[from + i] * factor);
      int at = codesAt + byteOf(i, count);
      target[at] = (byte) (isHigh(i, count) ? target[at] | code << 4 : code);
    }
    return true;
  }

  private static int code(float y) {
    int bits = Math.min(BlockScale.magnitude(y), LARGEST);
    int exponent = Math.max(bits & INFINITY, LEAST_NORMAL);
    int rounder = exponent + TO_LAST_PLACE;
    float sum = Float.intBitsToFloat(bits) + Float.intBitsToFloat(rounder);
    int significand = Float.floatToRawIntBits(sum) - rounder;
    int magnitude = significand + (exponent - LEAST_NORMAL >>> SHIFT);
    return magnitude | (Float.floatToRawIntBits(y) >>> 28 & SIGN);
  }

  @Override
  public void decode(
      byte[] source,
      int scalesAt,
      int codesAt,
      int count,
      Fp4Scales scales,
      boolean add,
      float[] target,
      int from) {
    for (int i = 0; i < count; i++) {
      float scale = scales.meaning[source[scalesAt + i / block] & 0xFF];
      int both = source[codesAt + byteOf(i, count)];
      float x = MEANING[(isHigh(i, count) ? both >> 4 : both) & 0xF] * scale;
      target[from + i] = add ? target[from + i] + x : x;
    }
  }

  /** The number of values in the low half of the bytes of value {@code i}'s group. */
  private static int lows(int i, int count) {
    return (Math.min(GROUP, count - i + i % GROUP) + 1) / 2;
  }

  private static boolean isHigh(int i, int count) {
    return i % GROUP >= lows(i, count);
  }

  private static int byteOf(int i, int count) {
    int inGroup = i % GROUP;
    return (i - inGroup) / 2 + inGroup - (isHigh(i, count) ? lows(i, count) : 0);
  }
}
