package io.tributary.codecs.int8block;

import io.tributary.codecs.block.BlockDecodeProgram;

/** int8block's decoder for an OpenCL device. */
final class Int8BlockDecodeProgram extends BlockDecodeProgram {
  @Override
  public void run() {
    int first = getGroupId() * 1024 + getLocalId();
    for (int i = 0; i < 8; i++) {
      int at = first + i * 128;
      target[at] = codes[at] * scales[at >> blockShift];
    }
  }
}
