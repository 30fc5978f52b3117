package io.tributary.file;

/** IEEE 754 half precision as float32, without loss. */
public final class HalfPrecision {
  private HalfPrecision() {}

  /** The number that the low 16 bits mean. */
  public static float toFloat(int bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      // Zero, or a multiple of the smallest number.
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int rebiased = exponent == 0x1F ? 0xFF : exponent + 127 - 15;
    return Float.intBitsToFloat(sign | rebiased << 23 | fraction << 13);
  }
}
