package io.tributary.codecs.e3m0;

import io.tributary.codecs.block.BlockEncodeProgram;

/** e3m0's encoder for an OpenCL device. */
final class E3m0EncodeProgram extends BlockEncodeProgram {
  E3m0EncodeProgram() {
    super(E3m0Layout.SCALE);
  }

  @Override
  public void run() {
    prepare();
    int item = getLocalId();
    int tile = getGroupId();
    for (int i = 0; i < 4; i++) {
      int pair = item + i * 128;
      int group = pair >> 5;
      int at = group * 64 + (pair & 31);
      int low = code(values[at], reciprocal[group * 2]);
      int high = code(values[at + 32], reciprocal[group * 2 + 1]);
      codes[tile * 512 + pair] = (byte) (low | high << 4);
    }
  }

  /** Compares with the midpoints between magnitudes, where the scalar kernel looks at bits. */
  private int code(float x, float factor) {
    float y = x * factor;
    float magnitude = abs(y);
    int index = 0;
    float midpoint = 1.5f;
    if (magnitude >= 0.5f) {
      index = 1;
      for (int i = 0; i < 6; i++) {
        if (magnitude >= midpoint) {
          index = index + 1;
        }
        midpoint = midpoint * 2f;
      }
      if (y < 0f) {
        index = index | 8;
      }
    }
    return index;
  }
}
