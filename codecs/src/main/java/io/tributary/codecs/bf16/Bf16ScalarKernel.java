package io.tributary.codecs.bf16;

import io.tributary.codecs.element.ElementKernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The definition of bf16: every other kernel is tested against this class. */
final class Bf16ScalarKernel implements ElementKernel {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  @Override
  public void encode(float[] source, int from, int count, byte[] target, int at) {
    for (int i = 0; i < count; i++) {
      int half = toHalf(Float.floatToRawIntBits(source[from + i]));
      SHORT.set(target, at + Short.BYTES * i, (short) half);
    }
  }

  private static int toHalf(int bits) {
    int upper = bits >>> 16;
    boolean isNan = (bits & 0x7FFF_FFFF) > 0x7F80_0000;
    // Adding half of the lower half's range, less one for even upper halves, carries when rounding
    // up.
    return isNan ? upper | 0x40 : (bits + 0x7FFF + (upper & 1)) >>> 16;
  }

  @Override
  public void decode(byte[] source, int at, int count, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] =
          Float.intBitsToFloat((short) SHORT.get(source, at + Short.BYTES * i) << 16);
    }
  }

  @Override
  public void accumulate(byte[] source, int at, int count, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] +=
          Float.intBitsToFloat((short) SHORT.get(source, at + Short.BYTES * i) << 16);
    }
  }
}
