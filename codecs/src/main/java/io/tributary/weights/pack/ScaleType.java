package io.tributary.weights.pack;

import io.tributary.file.HalfPrecision;

/** How a number beside the codes is stored, little endian. */
public enum ScaleType {
  /** IEEE 754 half precision. */
  F16(2) {
    @Override
    int bits(float value) {
      return halfBits(value);
    }

    @Override
    float value(int bits) {
      return HalfPrecision.toFloat(bits);
    }
  },
  /** The upper half of a float32. */
  BF16(2) {
    @Override
    int bits(float value) {
      int bits = Float.floatToIntBits(value);
      return Float.isNaN(value) ? bits >>> 16 : bits + 0x7FFF + (bits >>> 16 & 1) >>> 16;
    }

    @Override
    float value(int bits) {
      return Float.intBitsToFloat(bits << 16);
    }
  },
  /** float32. */
  F32(4) {
    @Override
    int bits(float value) {
      return Float.floatToRawIntBits(value);
    }

    @Override
    float value(int bits) {
      return Float.intBitsToFloat(bits);
    }
  };

  private static final float LEAST_NORMAL_HALF = 0x1p-14f;
  private static final float BEYOND_HALF = 65520;

  private final int bytes;

  ScaleType(int bytes) {
    this.bytes = bytes;
  }

  abstract int bits(float value);

  abstract float value(int bits);

  /** The bytes of a number. */
  public int bytes() {
    return bytes;
  }

  /** The nearest number that can be stored; of two equally near, the one with the even pattern. */
  public float round(float value) {
    return value(bits(value));
  }

  /** Stores a number, rounded, and returns what was stored. */
  public float put(float value, byte[] target, int at) {
    int bits = bits(value);
    target[at] = (byte) bits;
    target[at + 1] = (byte) (bits >>> 8);
    if (bytes == 4) {
      target[at + 2] = (byte) (bits >>> 16);
      target[at + 3] = (byte) (bits >>> 24);
    }
    return value(bits);
  }

  /** Reads a number. */
  public float get(byte[] source, int at) {
    int bits = 0;
    for (int i = 0; i < bytes; i++) {
      bits |= (source[at + i] & 0xFF) << 8 * i;
    }
    return value(bits);
  }

  private static int halfBits(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return sign | 0x7E00;
    }
    if (magnitude >= BEYOND_HALF) {
      return sign | 0x7C00;
    }
    if (magnitude < LEAST_NORMAL_HALF) {
      return sign | (int) Math.rint(magnitude * 0x1p24f);
    }
    int bits = Float.floatToRawIntBits(magnitude);
    return sign | (bits - (112 << 23) + 0xFFF + (bits >>> 13 & 1)) >>> 13;
  }
}
