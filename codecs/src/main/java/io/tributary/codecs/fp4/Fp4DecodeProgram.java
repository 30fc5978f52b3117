package io.tributary.codecs.fp4;

import io.tributary.codecs.block.BlockDecodeProgram;

/** The decoder of both formats for an OpenCL device. */
final class Fp4DecodeProgram extends BlockDecodeProgram {
  /** Makes the arrays that many values long, unless they are. */
  void reserve(int slice) {
    reserve(4, 16, slice);
  }

  /** Sends the scales of so many values to the device. */
  void putScales(Fp4Format format, Fp4Scales rule, byte[] source, int at, int count) {
    blockShift = format.blockShift();
    for (int i = 0; i < count / format.block(); i++) {
      scales[i] = rule.meaning[source[at + i] & 0xFF];
    }
    put(scales);
  }

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
    int index = code & 7;
    int units = index;
    if (index > 1) {
      units = (2 + (index & 1)) << ((index >> 1) - 1);
    }
    float magnitude = units;
    if ((code & 8) != 0) {
      magnitude = -magnitude;
    }
    return magnitude;
  }
}
