package io.tributary.codecs.int4block;

import io.tributary.codecs.block.BlockDecodeProgram;

/** int4block's decoder for an OpenCL device. */
final class Int4BlockDecodeProgram extends BlockDecodeProgram {
  @Override
  public void run() {
    load(128);
    int tile = getGroupId();
    int item = getLocalId();
    for (int i = 0; i < 4; i++) {
      int pair = item + i * 128;
      int at = tile * 1024 + (pair >> 5) * 64 + (pair & 31);
      int both = signedByte(pair);
      store(at, (both << 28 >> 28) * scales[at >> blockShift]);
      store(at + 32, (both >> 4) * scales[(at + 32) >> blockShift]);
    }
  }
}
