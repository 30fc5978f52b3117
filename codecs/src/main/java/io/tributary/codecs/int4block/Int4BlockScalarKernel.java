package io.tributary.codecs.int4block;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
import static io.tributary.codecs.int4block.Int4BlockLayout.ROUNDER;
import static io.tributary.codecs.int4block.Int4BlockLayout.SCALE;

import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.block.BlockScale;

/** The definition of int4block's arithmetic: every other kernel is tested against this class. */
final class Int4BlockScalarKernel implements BlockKernel {
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
        int low = code(source[from + i + j], reciprocal);
        int high = half + j < length ? code(source[from + i + half + j], reciprocal) : 0;
        target[codesAt + i / 2 + j] = (byte) (low | high << 4);
      }
    }
    return true;
  }

  private static int code(float x, float reciprocal) {
    return Float.floatToRawIntBits(Math.fma(x, reciprocal, ROUNDER)) & 0xF;
  }

  @Override
  public void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0; i < count; i += GROUP) {
      float scale = BlockScale.value(BlockScale.get(source, scalesAt + SCALE_BYTES * (i / block)));
      int length = Math.min(GROUP, count - i);
      int half = (length + 1) / 2;
      for (int j = 0; j < half; j++) {
        target[from + i + j] = (source[codesAt + i / 2 + j] << 28 >> 28) * scale;
      }
      for (int j = half; j < length; j++) {
        target[from + i + j] = (source[codesAt + i / 2 + j - half] >> 4) * scale;
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
        target[from + i + j] += (source[codesAt + i / 2 + j] << 28 >> 28) * scale;
      }
      for (int j = half; j < length; j++) {
        target[from + i + j] += (source[codesAt + i / 2 + j - half] >> 4) * scale;
      }
    }
  }
}
