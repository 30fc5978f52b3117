package io.tributary.codecs.fp16;

import io.tributary.codecs.element.ElementKernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The definition of fp16: every other kernel is tested against this class. */
final class Fp16ScalarKernel implements ElementKernel {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /** The pattern of 65520, which lies midway between 65504 and what would be next. */
  static final int OVERFLOW = 0x477F_F000;

  /** The pattern of 2^-14, the least normal number of half precision. */
  static final int LEAST_NORMAL = 0x3880_0000;

  /** The difference of the exponents' biases, 127 and 15, in an exponent's place. */
  static final int BIAS = 112 << 23;

  static final int INFINITY = 0x7F80_0000;
  static final int HALF_INFINITY = 0x7C00;
  static final int HALF_QUIET_NAN = 0x7E00;

  @Override
  public void encode(float[] source, int from, int count, byte[] target, int at) {
    for (int i = 0; i < count; i++) {
      int half = toHalf(Float.floatToRawIntBits(source[from + i]));
      SHORT.set(target, at + Short.BYTES * i, (short) half);
    }
  }

  private static int toHalf(int bits) {
    int magnitude = bits & 0x7FFF_FFFF;
    int half;
    if (magnitude > INFINITY) {
      half = HALF_QUIET_NAN | (magnitude >>> 13 & 0x1FF);
    } else if (magnitude >= OVERFLOW) {
      half = HALF_INFINITY;
    } else if (magnitude >= LEAST_NORMAL) {
      // Half of the range that is cut off, less one for even results, carries when rounding up.
      half = (magnitude - BIAS + 0xFFF + (magnitude >>> 13 & 1)) >>> 13;
    } else {
      // The last place of numbers from 0.5 to 1 is 2^-24, which is also that of the subnormals.
      float sum = Float.intBitsToFloat(magnitude) + 0.5f;
      half = Float.floatToRawIntBits(sum) - Float.floatToRawIntBits(0.5f);
    }
    return half | (bits >>> 16 & 0x8000);
  }

  private static float toFloat(int half) {
    int magnitude = half & 0x7FFF;
    int bits;
    if (magnitude >= HALF_INFINITY) {
      bits = (magnitude << 13) + 2 * BIAS;
    } else if (magnitude >= 0x400) {
      bits = (magnitude << 13) + BIAS;
    } else {
      bits = Float.floatToRawIntBits(magnitude * 0x1p-24f);
    }
    return Float.intBitsToFloat(bits | (half & 0x8000) << 16);
  }

  @Override
  public void decode(byte[] source, int at, int count, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] = toFloat((short) SHORT.get(source, at + Short.BYTES * i));
    }
  }

  @Override
  public void accumulate(byte[] source, int at, int count, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] += toFloat((short) SHORT.get(source, at + Short.BYTES * i));
    }
  }
}
