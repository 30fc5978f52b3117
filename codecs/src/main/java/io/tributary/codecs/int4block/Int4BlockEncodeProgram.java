package io.tributary.codecs.int4block;

import io.tributary.codecs.block.BlockEncodeProgram;

/** int4block's encoder for an OpenCL device. */
final class Int4BlockEncodeProgram extends BlockEncodeProgram {
  @Override
  public void run() {
    prepare();
    int item = getLocalId();
    int tile = getGroupId();
    for (int i = 0; i < 4; i++) {
      int pair = item + i * 128;
      int group = pair >> 5;
      int at = group * 64 + (pair & 31);
      int low = code(values[at], reciprocal[group * 2]);
      int high = code(values[at + 32], reciprocal[group * 2 + 1]);
      codes[tile * 512 + pair] = (byte) (low | high << 4);
    }
  }

  private int code(float x, float factor) {
    return (int) (fma(x, factor, 12582912f) - 12582912f) & 0xF;
  }
}
