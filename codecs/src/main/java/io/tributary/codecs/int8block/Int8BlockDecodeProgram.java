package io.tributary.codecs.int8block;

import io.tributary.codecs.block.BlockDecodeProgram;

/** int8block's decoder for an OpenCL device. */
final class Int8BlockDecodeProgram extends BlockDecodeProgram {
  @Override
  public void run() {
    load(256);
    int tile = getGroupId();
    int item = getLocalId();
    for (int i = 0; i < 8; i++) {
      int code = item + i * 128;
      int at = tile * 1024 + code;
      store(at, signedByte(code) * scales[at >> blockShift]);
    }
  }
}
