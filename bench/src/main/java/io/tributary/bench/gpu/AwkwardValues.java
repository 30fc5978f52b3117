package io.tributary.bench.gpu;

import java.util.SplittableRandom;

/** Values that arithmetic gets wrong first, among random ones of every exponent; all finite. */
final class AwkwardValues {
  private static final float[] SPECIAL = {
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    Math.nextDown(Float.MIN_NORMAL),
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    1f,
    -1f,
    Math.nextUp(1f),
    Math.nextDown(1f),
    0.5f,
    1.5f,
    2.5f,
    0x1p23f,
    0x1p24f,
    -0x1p24f,
    1e-38f,
    3e38f
  };

  private final SplittableRandom random;

  AwkwardValues(long seed) {
    random = new SplittableRandom(seed);
  }

  /**
   * Fills an array in stretches of 256 values, each of one kind: any bits, one scale, few distinct
   * values, special values, halves of codes.
   */
  void fill(float[] values) {
    for (int from = 0; from < values.length; from += 256) {
      int to = Math.min(values.length, from + 256);
      switch (random.nextInt(5)) {
        case 0 -> anyBits(values, from, to);
        case 1 -> oneScale(values, from, to);
        case 2 -> special(values, from, to, SPECIAL.length);
        case 3 -> special(values, from, to, 3);
        default -> halves(values, from, to);
      }
    }
  }

  private void anyBits(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      int bits = random.nextInt();
      // An exponent of all ones would be an infinity or no number.
      values[i] =
          Float.intBitsToFloat((bits & 0x7F800000) == 0x7F800000 ? bits ^ 0x40000000 : bits);
    }
  }

  private void oneScale(float[] values, int from, int to) {
    float scale = Math.scalb(1f, random.nextInt(250) - 126);
    for (int i = from; i < to; i++) {
      values[i] = (random.nextFloat() - 0.5f) * scale;
    }
  }

  private void special(float[] values, int from, int to, int kinds) {
    for (int i = from; i < to; i++) {
      values[i] = SPECIAL[random.nextInt(kinds)];
    }
  }

  private void halves(float[] values, int from, int to) {
    float unit = Math.scalb(0.5f, random.nextInt(40) - 20);
    for (int i = from; i < to; i++) {
      values[i] = (random.nextInt(511) - 255) * unit;
    }
  }
}
