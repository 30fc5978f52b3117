package io.tributary.codecs.intblock;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
import static io.tributary.codecs.intblock.IntBlockFormat.ROUNDER;

import io.tributary.codecs.block.BlockLayout;
import io.tributary.codecs.block.BlockScale;
import java.util.Arrays;

/** The definition of intblock's arithmetic: every other kernel is tested against this class. */
final class IntBlockScalarKernel implements IntBlockKernel {
  private final BlockLayout layout;
  private final int bits;
  private final int stepShift;
  private final float rounder;

  IntBlockScalarKernel(IntBlockFormat format) {
    layout = format.layout();
    bits = format.bits();
    stepShift = format.stepShift();
    rounder = format.rounder();
  }

  @Override
  public boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt) {
    if (!layout.scale().encode(source, from, count, block, target, scalesAt)) {
      return false;
    }
    if (bits == 2) {
      refineScales(source, from, count, block, target, scalesAt);
    }
    for (int group = 0; group < count; group += GROUP) {
      int values = Math.min(GROUP, count - group);
      int at = layout.codesAt(codesAt, group);
      Arrays.fill(target, at, at + groupBytes(values), (byte) 0);
      for (int i = 0; i < values; i++) {
        int scale = BlockScale.get(target, scalesAt + SCALE_BYTES * ((group + i) / block));
        float x = source[from + group + i];
        putCode(target, at, values, i, code(x, BlockScale.reciprocal(scale)));
      }
    }
    return true;
  }

  private static void refineScales(
      float[] source, int from, int count, int block, byte[] target, int scalesAt) {
    for (int i = 0, at = scalesAt; i < count; i += block, at += SCALE_BYTES) {
      int values = Math.min(block, count - i);
      int ruler = BlockScale.get(target, at);
      float reciprocal = BlockScale.reciprocal(ruler);
      float squares = 0;
      for (int j = from + i; j < from + i + values; j++) {
        float code = Math.fma(source[j], reciprocal, ROUNDER) - ROUNDER;
        squares = Math.fma(code, code, squares);
      }
      BlockScale.put(target, at, Int2Scale.of(ruler, squares, values));
    }
  }

  private int code(float x, float reciprocal) {
    if (bits != 2) {
      return Float.floatToRawIntBits(Math.fma(x, reciprocal, rounder));
    }
    float y = x * reciprocal;
    int outer = Math.abs(y) >= 8 ? 1 : 0;
    return y < 0 ? ~outer : outer;
  }

  @Override
  public void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] = value(source, scalesAt, codesAt, i, count, block);
    }
  }

  @Override
  public void accumulate(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] += value(source, scalesAt, codesAt, i, count, block);
    }
  }

  @Override
  public void decodeCodes(byte[] source, int codesAt, int count, float[] target) {
    for (int i = 0; i < count; i++) {
      int at = layout.codesAt(codesAt, i - i % GROUP);
      target[i] = meaning(getCode(source, at, GROUP, i % GROUP));
    }
  }

  private float value(byte[] source, int scalesAt, int codesAt, int i, int count, int block) {
    int group = i - i % GROUP;
    int at = layout.codesAt(codesAt, group);
    int code = getCode(source, at, Math.min(GROUP, count - group), i - group);
    int scale = BlockScale.get(source, scalesAt + SCALE_BYTES * (i / block));
    return meaning(code) * BlockScale.value(scale);
  }

  /** What a code means, to be multiplied by the scale. */
  private int meaning(int code) {
    return (code << stepShift) + (bits == 2 ? 4 : 0);
  }

  private int groupBytes(int values) {
    int bytes = 0;
    for (int width = 4; width > 0; width >>= 1) {
      bytes += BlockLayout.planeBytes(values, bits & width);
    }
    return bytes;
  }

  /** Adds the code of value {@code i} to a group whose planes hold zeros there. */
  private void putCode(byte[] target, int at, int values, int i, int code) {
    int plane = at;
    int left = code;
    for (int width = 4; width > 0; width >>= 1) {
      if ((bits & width) != 0) {
        int bytes = BlockLayout.planeBytes(values, width);
        int part = left & (1 << width) - 1;
        target[plane + i % bytes] |= (byte) (part << width * (i / bytes));
        left >>= width;
        plane += bytes;
      }
    }
  }

  /** The code of value {@code i} of a group, with its sign. */
  private int getCode(byte[] source, int at, int values, int i) {
    int plane = at;
    int code = 0;
    int shift = 0;
    for (int width = 4; width > 0; width >>= 1) {
      if ((bits & width) != 0) {
        int bytes = BlockLayout.planeBytes(values, width);
        int part = source[plane + i % bytes] >>> width * (i / bytes) & (1 << width) - 1;
        code |= part << shift;
        shift += width;
        plane += bytes;
      }
    }
    return code << Integer.SIZE - bits >> Integer.SIZE - bits;
  }
}
