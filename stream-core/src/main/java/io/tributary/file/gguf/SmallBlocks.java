package io.tributary.file.gguf;

import io.tributary.file.HalfPrecision;
import io.tributary.file.ValueBlocks;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * ggml's blocks of 32 values. A scale d of half precision comes first, then a minimum m of half
 * precision if there is one, then the fifth bits if there are any, then the codes; byte j of 4-bit
 * codes holds value j in its low half and value j + 16 in its high half.
 */
enum SmallBlocks implements ValueBlocks {
  /** 18 bytes: d (code - 8). */
  Q4_0(18) {
    @Override
    void decode(byte[] source, int at, float[] target, int to) {
      float scale = half(source, at);
      for (int j = 0; j < HALF; j++) {
        int codes = source[at + 2 + j];
        target[to + j] = ((codes & 0xF) - 8) * scale;
        target[to + j + HALF] = ((codes >> 4 & 0xF) - 8) * scale;
      }
    }
  },
  /** 20 bytes: d code + m. */
  Q4_1(20) {
    @Override
    void decode(byte[] source, int at, float[] target, int to) {
      float scale = half(source, at);
      float least = half(source, at + 2);
      for (int j = 0; j < HALF; j++) {
        int codes = source[at + 4 + j];
        target[to + j] = (codes & 0xF) * scale + least;
        target[to + j + HALF] = (codes >> 4 & 0xF) * scale + least;
      }
    }
  },
  /** 22 bytes: d (code - 16). */
  Q5_0(22) {
    @Override
    void decode(byte[] source, int at, float[] target, int to) {
      float scale = half(source, at);
      int fifth = (int) INT.get(source, at + 2);
      for (int j = 0; j < HALF; j++) {
        int codes = source[at + 6 + j];
        target[to + j] = (fiveBits(codes, fifth >>> j) - 16) * scale;
        target[to + j + HALF] = (fiveBits(codes >> 4, fifth >>> (j + HALF)) - 16) * scale;
      }
    }
  },
  /** 24 bytes: d code + m. */
  Q5_1(24) {
    @Override
    void decode(byte[] source, int at, float[] target, int to) {
      float scale = half(source, at);
      float least = half(source, at + 2);
      int fifth = (int) INT.get(source, at + 4);
      for (int j = 0; j < HALF; j++) {
        int codes = source[at + 8 + j];
        target[to + j] = fiveBits(codes, fifth >>> j) * scale + least;
        target[to + j + HALF] = fiveBits(codes >> 4, fifth >>> (j + HALF)) * scale + least;
      }
    }
  },
  /** 34 bytes: d code, a code being a byte with sign. */
  Q8_0(34) {
    @Override
    void decode(byte[] source, int at, float[] target, int to) {
      float scale = half(source, at);
      for (int j = 0; j < VALUES; j++) {
        target[to + j] = source[at + 2 + j] * scale;
      }
    }
  };

  private static final int VALUES = 32;
  private static final int HALF = 16;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private final int bytes;

  SmallBlocks(int bytes) {
    this.bytes = bytes;
  }

  private static int fiveBits(int low, int high) {
    return (low & 0xF) | (high & 1) << 4;
  }

  /** Half precision at a byte. */
  static float half(byte[] source, int at) {
    return HalfPrecision.toFloat((short) SHORT.get(source, at));
  }

  abstract void decode(byte[] source, int at, float[] target, int to);

  @Override
  public int blockValues() {
    return VALUES;
  }

  @Override
  public int blockBytes() {
    return bytes;
  }

  @Override
  public void decode(byte[] source, int at, int blocks, float[] target, int to) {
    for (int i = 0; i < blocks; i++) {
      decode(source, at + i * bytes, target, to + i * VALUES);
    }
  }
}
