package io.tributary.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Values one by one, little endian, whose float32 is exact. */
public enum PlainValues implements ValueBlocks {
  /** float32. */
  F32(Float.BYTES) {
    @Override
    public void decode(byte[] source, int at, int blocks, float[] target, int to) {
      for (int i = 0; i < blocks; i++) {
        target[to + i] = (float) FLOAT.get(source, at + Float.BYTES * i);
      }
    }
  },
  /** IEEE 754 half precision. */
  F16(Short.BYTES) {
    @Override
    public void decode(byte[] source, int at, int blocks, float[] target, int to) {
      for (int i = 0; i < blocks; i++) {
        target[to + i] = HalfPrecision.toFloat((short) SHORT.get(source, at + Short.BYTES * i));
      }
    }
  },
  /** The upper half of a float32. */
  BF16(Short.BYTES) {
    @Override
    public void decode(byte[] source, int at, int blocks, float[] target, int to) {
      for (int i = 0; i < blocks; i++) {
        target[to + i] =
            Float.intBitsToFloat((short) SHORT.get(source, at + Short.BYTES * i) << 16);
      }
    }
  };

  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private final int bytes;

  PlainValues(int bytes) {
    this.bytes = bytes;
  }

  @Override
  public int blockValues() {
    return 1;
  }

  @Override
  public int blockBytes() {
    return bytes;
  }
}
