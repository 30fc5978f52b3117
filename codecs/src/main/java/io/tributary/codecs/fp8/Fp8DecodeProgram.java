package io.tributary.codecs.fp8;

import io.tributary.codecs.block.BlockDecodeProgram;

/** The decoder of both formats for an OpenCL device. */
abstract class Fp8DecodeProgram extends BlockDecodeProgram {
  /** The fraction bits of the format. */
  protected final int fractionBits;

  Fp8DecodeProgram(int fractionBits) {
    this.fractionBits = fractionBits;
  }

  @Override
  public void run() {
    load(256);
    int tile = getGroupId();
    int item = getLocalId();
    for (int i = 0; i < 8; i++) {
      int code = item + i * 128;
      int at = tile * 1024 + code;
      store(at, meaning(signedByte(code)) * scales[at >> blockShift]);
    }
  }

  private float meaning(int code) {
    int exponent = (code & 127) >> fractionBits;
    int significand = code & ((1 << fractionBits) - 1);
    if (exponent > 0) {
      significand = significand + (1 << fractionBits);
    }
    float power = 1 << max(0, exponent - 1);
    float magnitude = significand * power;
    if (code < 0) {
      magnitude = -magnitude;
    }
    return magnitude;
  }
}
