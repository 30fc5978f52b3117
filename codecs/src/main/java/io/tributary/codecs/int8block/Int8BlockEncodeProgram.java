package io.tributary.codecs.int8block;

import io.tributary.codecs.block.BlockEncodeProgram;

/** int8block's encoder for an OpenCL device. */
final class Int8BlockEncodeProgram extends BlockEncodeProgram {
  @Override
  public void run() {
    prepare();
    int item = getLocalId();
    int tile = getGroupId();
    for (int i = 0; i < 8; i++) {
      int at = item + i * 128;
      float sum = fma(values[at], reciprocal[at >> 5], 12582912f);
      codes[tile * 1024 + at] = (byte) (int) (sum - 12582912f);
    }
  }
}
