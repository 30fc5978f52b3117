package io.tributary.codecs.fp16;

import io.tributary.codecs.element.ElementDecodeProgram;

/** fp16's decoder for an OpenCL device. */
final class Fp16DecodeProgram extends ElementDecodeProgram {
  @Override
  public void run() {
    int first = getGroupId() * 1024 + getLocalId();
    for (int i = 0; i < 8; i++) {
      int at = first + i * 128;
      int number = codes[at];
      bits[at] = pattern(number & 0x7FFF) | ((number & 0x8000) << 16);
    }
  }

  private int pattern(int magnitude) {
    int result = (magnitude << 13) + 0x38000000;
    if (magnitude >= 0x7C00) {
      result = result + 0x38000000;
    }
    if (magnitude < 0x400) {
      result = 0;
      if (magnitude > 0) {
        // The leading one of a subnormal number becomes the one that isn't written.
        int up = clz(magnitude) - 8;
        result = ((126 - up) << 23) + ((magnitude << up) & 0x7FFFFF);
      }
    }
    return result;
  }
}
