package io.tributary.codecs.int4search;

/**
 * The values that codes stand for: {@code k (64 + bend |k|) / 64} for k from -8 to 7, and the
 * quantizer that finds the code nearest to a value but for a fiftieth of a step: a cubic polynomial
 * fitted to the middles between codes, then rounding.
 *
 * @param bend how much faster than even the codes spread
 * @param linear the polynomial's coefficients
 * @param end one divided by the value of code 8
 */
record Int4SearchBook(int bend, float linear, float square, float cube, float end) {
  static final Int4SearchBook FLAT =
      new Int4SearchBook(1, 0.99549758f, -0.013955765f, 2.2999287e-4f, 1f / 9);
  static final Int4SearchBook BENT =
      new Int4SearchBook(5, 0.93919367f, -0.03985677f, 1.16754e-3f, 1f / 13);

  /** One over the unit in which codes' values are whole numbers. */
  static final float UNIT = 1f / 64;

  static final float WHOLE = 64f;

  /**
   * Added to a number from 0 to 8, it leaves that number rounded in the low bits of the pattern.
   */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  /**
   * Scales that are tried, from the last at which the largest value is beyond code 8 or at it
   * upwards. Smaller ones never won on the three sets; one larger would lower the error by 0.5 %.
   */
  static final int TRIED_SCALES = 3;
}
