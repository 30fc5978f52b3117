package io.tributary.codecs.channelwise;

/** Half-precision numbers, rounded up, down or to nearest; for the few numbers of a channel. */
public final class HalfFloat {
  private static final int LEAST_EXPONENT = -14;
  private static final int FRACTION_BITS = 10;
  private static final int MAGNITUDE = 0x7FFF;
  private static final int LARGEST = 0x7BFF;
  private static final int INFINITY = 0x7C00;

  private HalfFloat() {}

  /** The largest half not above a number; the least there is for lower ones. */
  public static int down(double x) {
    return x < 0 ? toHalf(-x, Math.ceil(units(-x))) | 0x8000 : toHalf(x, Math.floor(units(x)));
  }

  /** The least half not below a number; the largest there is for larger ones. */
  public static int up(double x) {
    return x < 0 ? toHalf(-x, Math.floor(units(-x))) | 0x8000 : toHalf(x, Math.ceil(units(x)));
  }

  /** The nearest half, ties to even; the largest there is for larger magnitudes. */
  public static int nearest(double x) {
    double magnitude = Math.abs(x);
    return toHalf(magnitude, Math.rint(units(magnitude))) | (x < 0 ? 0x8000 : 0);
  }

  private static int exponent(double magnitude) {
    return Math.max(LEAST_EXPONENT, Math.getExponent(magnitude));
  }

  private static double units(double magnitude) {
    return Math.scalb(magnitude, FRACTION_BITS - exponent(magnitude));
  }

  private static int toHalf(double magnitude, double units) {
    int exponent = exponent(magnitude);
    if (exponent > 15) {
      return LARGEST;
    }
    // A normal number's units have a bit above the fraction, which raises the exponent by one.
    int bits = ((exponent - LEAST_EXPONENT) << FRACTION_BITS) + (int) units;
    return Math.min(bits, LARGEST);
  }

  /** The value of a half. */
  public static float toFloat(int half) {
    int magnitude = half & MAGNITUDE;
    int exponent = Math.max(1, magnitude >>> FRACTION_BITS);
    int units = magnitude - ((exponent - 1) << FRACTION_BITS);
    float value = Math.scalb((float) units, exponent - 1 + LEAST_EXPONENT - FRACTION_BITS);
    return (half & 0x8000) == 0 ? value : -value;
  }

  /** Whether a half is a number, neither infinite nor NaN. */
  public static boolean isFinite(int half) {
    return (half & MAGNITUDE) < INFINITY;
  }
}
