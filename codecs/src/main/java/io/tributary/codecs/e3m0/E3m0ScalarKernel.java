package io.tributary.codecs.e3m0;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
import static io.tributary.codecs.e3m0.E3m0Layout.EXPONENT_BELOW_INDEX_1;
import static io.tributary.codecs.e3m0.E3m0Layout.HALF_SIGNIFICAND;
import static io.tributary.codecs.e3m0.E3m0Layout.INDEX;
import static io.tributary.codecs.e3m0.E3m0Layout.LEAST;
import static io.tributary.codecs.e3m0.E3m0Layout.SCALE;
import static io.tributary.codecs.e3m0.E3m0Layout.SIGN;

import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.block.BlockScale;

/** The definition of e3m0's arithmetic: every other kernel is tested against this class. */
final class E3m0ScalarKernel implements BlockKernel {
  private static final float[] MEANING = meaning();

  @Override
  public boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt) {
    if (!SCALE.encode(source, from, count, block, target, scalesAt)) {
      return false;
    }
    for (int i = 0; i < count; i += GROUP) {
      float reciprocal =
          BlockScale.reciprocal(BlockScale.get(target, scalesAt + SCALE_BYTES * (i / block)));
      int length = Math.min(GROUP, count - i);
      int half = (length + 1) / 2;
      for (int j = 0; j < half; j++) {
        int low = code(source[from + i + j] * reciprocal);
        int high = half + j < length ? code(source[from + i + half + j] * reciprocal) : 0;
        target[codesAt + i / 2 + j] = (byte) (low | high << 4);
      }
    }
    return true;
  }

  private static int code(float y) {
    int bits = BlockScale.magnitude(y);
    if (bits < LEAST) {
      return 0;
    }
    int index = Math.max(1, ((bits + HALF_SIGNIFICAND) >>> 23) - EXPONENT_BELOW_INDEX_1);
    return y < 0 ? SIGN | index : index;
  }

  @Override
  public void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0; i < count; i += GROUP) {
      float scale = BlockScale.value(BlockScale.get(source, scalesAt + SCALE_BYTES * (i / block)));
      int length = Math.min(GROUP, count - i);
      int half = (length + 1) / 2;
      for (int j = 0; j < half; j++) {
        target[from + i + j] = MEANING[source[codesAt + i / 2 + j] & 0xF] * scale;
      }
      for (int j = half; j < length; j++) {
        target[from + i + j] = MEANING[source[codesAt + i / 2 + j - half] >> 4 & 0xF] * scale;
      }
    }
  }

  @Override
  public void accumulate(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0; i < count; i += GROUP) {
      float scale = BlockScale.value(BlockScale.get(source, scalesAt + SCALE_BYTES * (i / block)));
      int length = Math.min(GROUP, count - i);
      int half = (length + 1) / 2;
      for (int j = 0; j < half; j++) {
        target[from + i + j] += MEANING[source[codesAt + i / 2 + j] & 0xF] * scale;
      }
      for (int j = half; j < length; j++) {
        target[from + i + j] += MEANING[source[codesAt + i / 2 + j - half] >> 4 & 0xF] * scale;
      }
    }
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
