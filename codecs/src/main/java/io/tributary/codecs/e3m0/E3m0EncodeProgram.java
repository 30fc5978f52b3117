package io.tributary.codecs.e3m0;

import io.tributary.codecs.block.BlockEncodeProgram;

/** e3m0's encoder for an OpenCL device. */
final class E3m0EncodeProgram extends BlockEncodeProgram {
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

  /**
   * The midpoints between magnitudes are 1, 3, 6, 12, ... halves, so whole halves tell which are
   * reached; the scalar kernel looks at bits instead.
   */
  private int code(float x, float factor) {
    float y = x * factor;
    float magnitude = abs(y);
    int halves = (int) (magnitude * 2f);
    int index = 0;
    if (halves > 0) {
      index = 33 - clz(halves / 3);
      if (y < 0f) {
        index = index | 8;
      }
    }
    return index;
  }
}
