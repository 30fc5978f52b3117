package io.tributary.codecs.raw32;

import io.tributary.codecs.element.ElementKernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The definition of raw32: the bits of each value, lowest byte first. */
final class Raw32ScalarKernel implements ElementKernel {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** All ones in NaN and infinity, and in nothing else. */
  private static final int EXPONENT = 0x7F80_0000;

  @Override
  public void encode(float[] source, int from, int count, byte[] target, int at) {
    for (int i = 0; i < count; i++) {
      INT.set(target, at + Float.BYTES * i, Float.floatToRawIntBits(source[from + i]));
    }
  }

  @Override
  public void decode(byte[] source, int at, int count, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] = Float.intBitsToFloat((int) INT.get(source, at + Float.BYTES * i));
    }
  }

  @Override
  public void accumulate(byte[] source, int at, int count, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] += Float.intBitsToFloat((int) INT.get(source, at + Float.BYTES * i));
    }
  }

  @Override
  public boolean provesFinite(byte[] source, int at, int count) {
    int largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, (int) INT.get(source, at + Float.BYTES * i) & EXPONENT);
    }
    return largest < EXPONENT;
  }
}
