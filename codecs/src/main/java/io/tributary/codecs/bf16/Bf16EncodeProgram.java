package io.tributary.codecs.bf16;

import io.tributary.codecs.element.ElementEncodeProgram;

/** bf16's encoder for an OpenCL device. */
final class Bf16EncodeProgram extends ElementEncodeProgram {
  @Override
  public void run() {
    int first = getGroupId() * 1024 + getLocalId();
    for (int i = 0; i < 8; i++) {
      int at = first + i * 128;
      int pattern = bits[at];
      int upper = (pattern >> 16) & 0xFFFF;
      int rounded = (pattern + 0x7FFF + (upper & 1)) >> 16;
      if ((pattern & 0x7FFFFFFF) > 0x7F800000) {
        rounded = upper | 0x40;
      }
      codes[at] = (char) (rounded & 0xFFFF);
    }
  }
}
