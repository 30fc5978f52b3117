package io.tributary.codecs.fp16;

import io.tributary.codecs.element.ElementEncodeProgram;

/** fp16's encoder for an OpenCL device. */
final class Fp16EncodeProgram extends ElementEncodeProgram {
  @Override
  public void run() {
    int first = getGroupId() * 1024 + getLocalId();
    for (int i = 0; i < 8; i++) {
      int at = first + i * 128;
      int pattern = bits[at];
      int number = encoded(pattern & 0x7FFFFFFF) | ((pattern >> 16) & 0x8000);
      codes[at] = (char) number;
    }
  }

  private int encoded(int magnitude) {
    int result = 0x7C00;
    if (magnitude > 0x7F800000) {
      result = 0x7E00 | ((magnitude >> 13) & 0x1FF);
    }
    if (magnitude < 0x477FF000) {
      // Bits that are cut off: 13, and more the further a number lies below 2^-14.
      int cut = 13;
      int kept = magnitude - 0x38000000;
      if (magnitude < 0x38800000) {
        cut = min(126 - (magnitude >> 23), 25);
        kept = (magnitude & 0x7FFFFF) | 0x800000;
      }
      int odd = (kept >> cut) & 1;
      result = (kept + (1 << (cut - 1)) - 1 + odd) >> cut;
    }
    return result;
  }
}
