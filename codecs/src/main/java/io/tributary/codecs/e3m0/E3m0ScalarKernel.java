package io.tributary.codecs.e3m0;

import static io.tributary.codecs.e3m0.E3m0Layout.EXPONENT_BELOW_INDEX_1;
import static io.tributary.codecs.e3m0.E3m0Layout.HALF_SIGNIFICAND;
import static io.tributary.codecs.e3m0.E3m0Layout.INDEX;
import static io.tributary.codecs.e3m0.E3m0Layout.LEAST;
import static io.tributary.codecs.e3m0.E3m0Layout.SCALE;
import static io.tributary.codecs.e3m0.E3m0Layout.SIGN;

import io.tributary.codecs.block.BlockScale;
import io.tributary.codecs.block.NibbleScalarKernel;

/** The definition of e3m0's arithmetic: every other kernel is tested against this class. */
final class E3m0ScalarKernel extends NibbleScalarKernel {
  E3m0ScalarKernel() {
    super(SCALE, meaning());
  }

  @Override
  protected int code(float x, float reciprocal) {
    float y = x * reciprocal;
    int bits = BlockScale.magnitude(y);
    if (bits < LEAST) {
      return 0;
    }
    int index = Math.max(1, ((bits + HALF_SIGNIFICAND) >>> 23) - EXPONENT_BELOW_INDEX_1);
    return y < 0 ? SIGN | index : index;
  }

  private static float[] meaning() {
    var meaning = new float[16];
    for (int code = 0; code < meaning.length; code++) {
      int index = code & INDEX;
      float magnitude = index == 0 ? 0f : 1 << (index - 1);
      meaning[code] = (code & SIGN) == 0 ? magnitude : -magnitude;
    }
    return meaning;
  }
}
