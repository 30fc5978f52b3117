package io.tributary.codecs.intblock;

import io.tributary.codecs.block.BlockScale;

/**
 * The scale of a block of 2-bit codes: an eighth of the values' root mean square. It is measured
 * with a ruler, the scale that 8-bit codes would have: the sum of the squares of those codes is an
 * integer below 2^24, so that every order of summing gives the same float32. The root is looked up.
 */
final class Int2Scale {
  /**
   * The square roots of the middles of 256 intervals that cut [1, 4), 128 below 2 and 128 from it.
   */
  static final float[] ROOTS = roots();

  private static final int BIAS = 127;

  private Int2Scale() {}

  private static float[] roots() {
    var roots = new float[256];
    for (int i = 0; i < roots.length; i++) {
      double middle = (1 + ((i & 0x7F) + 0.5) / 128) * (i < 128 ? 1 : 2);
      roots[i] = (float) Math.sqrt(middle);
    }
    return roots;
  }

  /**
   * The scale.
   *
   * @param ruler the block's scale for 8-bit codes
   * @param squares the sum of the squares of those codes
   * @param count the values of the block
   */
  static int of(int ruler, float squares, int count) {
    if (ruler == 0) {
      return 0;
    }
    int mean = Float.floatToRawIntBits(squares / count);
    int exponent = (mean >>> 23) - BIAS;
    float root = ROOTS[(exponent & 1) << 7 | mean >>> 16 & 0x7F];
    float eighth = Float.intBitsToFloat((exponent >> 1) - 3 + BIAS << 23);
    int bits = Float.floatToRawIntBits(BlockScale.value(ruler) * root * eighth);
    return Math.min(bits + 0x8000 >>> 16, IntBlockFormat.INT2.layout().scale().largest());
  }
}
