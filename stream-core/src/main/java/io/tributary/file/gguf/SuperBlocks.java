package io.tributary.file.gguf;

import static io.tributary.file.gguf.SmallBlocks.half;

import io.tributary.file.ValueBlocks;

/**
 * ggml's blocks of 256 values, in which groups of 16 or 32 have scales, and minima if there are
 * any, that are codes themselves: under one number of half precision d, and dmin for the minima.
 *
 * <pre>
 * Q2_K   84 bytes  16 bytes scale | minimum &lt;&lt; 4; 64 bytes codes; d; dmin
 * Q3_K  110 bytes  32 bytes third bits; 64 bytes codes; 12 bytes scales; d
 * Q4_K  144 bytes  d; dmin; 12 bytes scales and minima; 128 bytes codes
 * Q5_K  176 bytes  d; dmin; 12 bytes scales and minima; 32 bytes fifth bits; 128 bytes codes
 * Q6_K  210 bytes  128 bytes low four bits; 64 bytes high two bits; 16 bytes scales; d
 * </pre>
 */
enum SuperBlocks implements ValueBlocks {
  /** {@code (d scale) code - dmin minimum}, groups of 16. */
  Q2_K(84) {
    @Override
    void decode(byte[] source, int at, float[] target, int to) {
      float d = half(source, at + 80);
      float dmin = half(source, at + 82);
      for (int group = 0; group < 16; group++) {
        int scales = source[at + group];
        float scale = d * (scales & 0xF);
        float least = dmin * (scales >> 4 & 0xF);
        int from = at + 16 + twoBitBytes(group);
        int shift = twoBitShift(group);
        for (int i = 0; i < 16; i++) {
          target[to + 16 * group + i] = scale * (source[from + i] >> shift & 3) - least;
        }
      }
    }
  },
  /** {@code (d (scale - 32)) (code - 4)}, groups of 16. */
  Q3_K(110) {
    @Override
    void decode(byte[] source, int at, float[] target, int to) {
      float d = half(source, at + 108);
      for (int group = 0; group < 16; group++) {
        float scale = d * (scale(source, at + 96, group) - 32);
        int from = at + 32 + twoBitBytes(group);
        int shift = twoBitShift(group);
        int third = at + 16 * (group % 2);
        for (int i = 0; i < 16; i++) {
          int low = source[from + i] >> shift & 3;
          int high = source[third + i] >> (group / 2) & 1;
          target[to + 16 * group + i] = scale * (low + 4 * high - 4);
        }
      }
    }

    /** Six bits: the low four are halves of eight bytes, the high two quarters of four bytes. */
    private int scale(byte[] source, int at, int group) {
      int low = group < 8 ? source[at + group] : source[at + group - 8] >> 4;
      int high = source[at + 8 + group % 4] >> (2 * (group / 4));
      return (low & 0xF) | (high & 3) << 4;
    }
  },
  /** {@code (d scale) code - dmin minimum}, groups of 32. */
  Q4_K(144) {
    @Override
    void decode(byte[] source, int at, float[] target, int to) {
      for (int group = 0; group < 8; group++) {
        float scale = half(source, at) * sixBitScale(source, at + 4, group);
        float least = half(source, at + 2) * sixBitLeast(source, at + 4, group);
        int from = at + 16 + 32 * (group / 2);
        int shift = 4 * (group % 2);
        for (int i = 0; i < 32; i++) {
          target[to + 32 * group + i] = scale * (source[from + i] >> shift & 0xF) - least;
        }
      }
    }
  },
  /** {@code (d scale) code - dmin minimum}, groups of 32. */
  Q5_K(176) {
    @Override
    void decode(byte[] source, int at, float[] target, int to) {
      for (int group = 0; group < 8; group++) {
        float scale = half(source, at) * sixBitScale(source, at + 4, group);
        float least = half(source, at + 2) * sixBitLeast(source, at + 4, group);
        int from = at + 48 + 32 * (group / 2);
        int shift = 4 * (group % 2);
        for (int i = 0; i < 32; i++) {
          int low = source[from + i] >> shift & 0xF;
          int high = source[at + 16 + i] >> group & 1;
          target[to + 32 * group + i] = scale * (low + 16 * high) - least;
        }
      }
    }
  },
  /** {@code (d scale) (code - 32)}, a scale being a byte with sign, groups of 16. */
  Q6_K(210) {
    @Override
    void decode(byte[] source, int at, float[] target, int to) {
      float d = half(source, at + 208);
      for (int group = 0; group < 16; group++) {
        float scale = d * source[at + 192 + group];
        int half = group / 8;
        int quarter = group / 2 % 4;
        int offset = 16 * (group % 2);
        int lowAt = at + 64 * half + 32 * (quarter % 2) + offset;
        int highAt = at + 128 + 32 * half + offset;
        for (int i = 0; i < 16; i++) {
          int low = source[lowAt + i] >> (4 * (quarter / 2)) & 0xF;
          int high = source[highAt + i] >> (2 * quarter) & 3;
          target[to + 16 * group + i] = scale * ((low | high << 4) - 32);
        }
      }
    }
  };

  private static final int VALUES = 256;

  private final int bytes;

  SuperBlocks(int bytes) {
    this.bytes = bytes;
  }

  /** Where the 2-bit codes of a group of 16 begin: a half of the block shares 32 bytes. */
  private static int twoBitBytes(int group) {
    return 32 * (group / 8) + 16 * (group % 2);
  }

  private static int twoBitShift(int group) {
    return 2 * (group / 2 % 4);
  }

  private static int sixBitScale(byte[] source, int at, int group) {
    return group < 4
        ? source[at + group] & 63
        : (source[at + group + 4] & 0xF) | (source[at + group - 4] >> 6 & 3) << 4;
  }

  private static int sixBitLeast(byte[] source, int at, int group) {
    return group < 4
        ? source[at + group + 4] & 63
        : (source[at + group + 4] >> 4 & 0xF) | (source[at + group] >> 6 & 3) << 4;
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
