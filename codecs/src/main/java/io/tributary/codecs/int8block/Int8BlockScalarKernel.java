package io.tributary.codecs.int8block;

import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
import static io.tributary.codecs.int8block.Int8BlockLayout.ROUNDER;
import static io.tributary.codecs.int8block.Int8BlockLayout.SCALE;

import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.block.BlockScale;

/** The definition of int8block's arithmetic: every other kernel is tested against this class. */
final class Int8BlockScalarKernel implements BlockKernel {
  @Override
  public boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt) {
    if (!SCALE.encode(source, from, count, block, target, scalesAt)) {
      return false;
    }
    for (int i = 0; i < count; i += block, scalesAt += SCALE_BYTES) {
      float reciprocal = BlockScale.reciprocal(BlockScale.get(target, scalesAt));
      for (int j = i; j < Math.min(count, i + block); j++) {
        float sum = Math.fma(source[from + j], reciprocal, ROUNDER);
        target[codesAt + j] = (byte) Float.floatToRawIntBits(sum);
      }
    }
    return true;
  }

  @Override
  public void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0; i < count; i += block, scalesAt += SCALE_BYTES) {
      float scale = BlockScale.value(BlockScale.get(source, scalesAt));
      for (int j = i; j < Math.min(count, i + block); j++) {
        target[from + j] = source[codesAt + j] * scale;
      }
    }
  }

  @Override
  public void accumulate(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0; i < count; i += block, scalesAt += SCALE_BYTES) {
      float scale = BlockScale.value(BlockScale.get(source, scalesAt));
      for (int j = i; j < Math.min(count, i + block); j++) {
        target[from + j] += source[codesAt + j] * scale;
      }
    }
  }
}
