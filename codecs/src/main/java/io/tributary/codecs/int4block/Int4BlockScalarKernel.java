package io.tributary.codecs.int4block;

import static io.tributary.codecs.int4block.Int4BlockLayout.ROUNDER;
import static io.tributary.codecs.int4block.Int4BlockLayout.SCALE;

import io.tributary.codecs.block.NibbleScalarKernel;

/** The definition of int4block's arithmetic: every other kernel is tested against this class. */
final class Int4BlockScalarKernel extends NibbleScalarKernel {
  Int4BlockScalarKernel() {
    super(SCALE, meaning());
  }

  @Override
  protected int code(float x, float reciprocal) {
    return Float.floatToRawIntBits(Math.fma(x, reciprocal, ROUNDER)) & 0xF;
  }

  private static float[] meaning() {
    var meaning = new float[16];
    for (int code = 0; code < meaning.length; code++) {
      meaning[code] = code << 28 >> 28;
    }
    return meaning;
  }
}
