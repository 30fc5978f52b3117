package io.tributary.codecs.e3m0;

import io.tributary.codecs.block.BlockDecodeProgram;

/** e3m0's decoder for an OpenCL device. */
final class E3m0DecodeProgram extends BlockDecodeProgram {
  @Override
  public void run() {
    load(128);
    int tile = getGroupId();
    int item = getLocalId();
    for (int i = 0; i < 4; i++) {
      int pair = item + i * 128;
      int at = tile * 1024 + (pair >> 5) * 64 + (pair & 31);
      int both = signedByte(pair);
      store(at, meaning(both) * scales[at >> blockShift]);
      store(at + 32, meaning(both >> 4) * scales[(at + 32) >> blockShift]);
    }
  }

  private float meaning(int code) {
    float magnitude = (1 << (code & 7)) >> 1;
    if ((code & 8) != 0) {
      magnitude = -magnitude;
    }
    return magnitude;
  }
}
