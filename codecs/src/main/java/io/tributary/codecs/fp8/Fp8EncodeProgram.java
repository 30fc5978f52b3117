package io.tributary.codecs.fp8;

import io.tributary.codecs.block.BlockEncodeProgram;

/**
 * The encoder of both formats for an OpenCL device.
 *
 * <p>Numbers are rounded by {@code rint} after a multiplication by a power of two, which is exact;
 * the processors' kernels add instead, and a device may contract such a sum with the product
 * before.
 */
abstract class Fp8EncodeProgram extends BlockEncodeProgram {
  /** The fraction bits of the format. */
  protected final int fractionBits;

  Fp8EncodeProgram(int fractionBits) {
    this.fractionBits = fractionBits;
  }

  @Override
  public void run() {
    prepare();
    int item = getLocalId();
    int tile = getGroupId();
    for (int i = 0; i < 8; i++) {
      int at = item + i * 128;
      codes[tile * 1024 + at] = (byte) code(values[at], reciprocal[at >> 5]);
    }
  }

  private int code(float x, float factor) {
    float magnitude = abs(x * factor);
    // What doesn't fit into an int is looked at from 2^16 on.
    float head = magnitude;
    int exponent = 31;
    if (magnitude >= 16777216f) {
      head = magnitude * 1.52587890625E-5f;
      exponent = 47;
    }
    exponent = max(fractionBits, exponent - clz((int) head));
    int significand = (int) rint(magnitude * powers[126 + fractionBits - exponent]);
    int code = significand + ((exponent - fractionBits) << fractionBits);
    return code | (signOf(x) << 7);
  }
}
