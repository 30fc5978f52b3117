package io.tributary.codecs.bf16;

import io.tributary.codecs.element.ElementDecodeProgram;

/** bf16's decoder for an OpenCL device. */
final class Bf16DecodeProgram extends ElementDecodeProgram {
  @Override
  public void run() {
    int first = getGroupId() * 1024 + getLocalId();
    for (int i = 0; i < 8; i++) {
      int at = first + i * 128;
      bits[at] = codes[at] << 16;
    }
  }
}
