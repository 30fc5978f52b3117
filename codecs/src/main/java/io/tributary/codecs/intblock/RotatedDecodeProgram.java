package io.tributary.codecs.intblock;

/** The decoder of rotated blocks for an OpenCL device. */
final class RotatedDecodeProgram extends IntBlockDecodeProgram {
  /** The signs of {@link Rotation}. */
  protected final float[] signs = Rotation.signs(1);

  @Local protected final float[] sums = new float[TILE];

  @Override
  public void run() {
    load(codeBits * 32);
    int item = getLocalId();
    int block = 1 << blockShift;
    for (int i = 0; i < 8; i++) {
      int value = item + i * 128;
      sums[value] = meaning(code(value));
    }
    localBarrier();
    for (int h = 1; h < block; h = h << 1) {
      for (int i = 0; i < 4; i++) {
        int pair = item + i * 128;
        int value = (pair & ~(h - 1)) * 2 + (pair & (h - 1));
        float a = sums[value];
        float b = sums[value + h];
        sums[value] = a + b;
        sums[value + h] = a - b;
      }
      localBarrier();
    }
    for (int i = 0; i < 8; i++) {
      int value = item + i * 128;
      int at = getGroupId() * 1024 + value;
      float factor = signs[value & (block - 1)] * 2f * scales[at >> blockShift];
      float x = fma(sums[value], factor, 0f);
      store(at, max(-3.4028235E38f, min(x, 3.4028235E38f)));
    }
  }
}
