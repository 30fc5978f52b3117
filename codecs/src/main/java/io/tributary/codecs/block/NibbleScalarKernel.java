package io.tributary.codecs.block;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

/**
 * Where the 4-bit codes of a value lie, for the scalar kernels of block codecs that have such: byte
 * {@code j} of a group of {@code n} values holds value {@code j} in its low half and value {@code
 * ceil(n/2) + j} in its high half.
 *
 * <p>Values are taken in runs that lie in one half of a group and have one scale.
 */
public abstract class NibbleScalarKernel implements BlockKernel {
  private static final int NIBBLE = 0xF;

  private final BlockScale rule;
  private final float[] meaning;

  /**
   * A kernel.
   *
   * @param meaning what each of the 16 codes means, to be multiplied by the scale
   */
  protected NibbleScalarKernel(BlockScale rule, float[] meaning) {
    this.rule = rule;
    this.meaning = meaning.clone();
  }

  /** The code of a finite value, 0 to 15. */
  protected abstract int code(float x, float reciprocal);

  @Override
  public final boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt) {
    if (!rule.encode(source, from, count, block, target, scalesAt)) {
      return false;
    }
    for (int i = 0, end; i < count; i = end) {
      end = endOfRun(i, count, block);
      int scale = BlockScale.get(target, scalesAt + SCALE_BYTES * (i / block));
      float reciprocal = BlockScale.reciprocal(scale);
      boolean high = isHigh(i, count);
      int at = codesAt + byteOf(i, count) - i;
      for (int j = i; j < end; j++) {
        int code = code(source[from + j], reciprocal);
        target[at + j] = (byte) (high ? target[at + j] | code << 4 : code);
      }
    }
    return true;
  }

  @Override
  public final void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0, end; i < count; i = end) {
      end = endOfRun(i, count, block);
      float scale = BlockScale.value(BlockScale.get(source, scalesAt + SCALE_BYTES * (i / block)));
      int shift = isHigh(i, count) ? 4 : 0;
      int at = codesAt + byteOf(i, count) - i;
      for (int j = i; j < end; j++) {
        target[from + j] = meaning[source[at + j] >> shift & NIBBLE] * scale;
      }
    }
  }

  @Override
  public final void accumulate(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0, end; i < count; i = end) {
      end = endOfRun(i, count, block);
      float scale = BlockScale.value(BlockScale.get(source, scalesAt + SCALE_BYTES * (i / block)));
      int shift = isHigh(i, count) ? 4 : 0;
      int at = codesAt + byteOf(i, count) - i;
      for (int j = i; j < end; j++) {
        target[from + j] += meaning[source[at + j] >> shift & NIBBLE] * scale;
      }
    }
  }

  /** The number of values in the low half of the bytes of value {@code i}'s group. */
  private static int lows(int i, int count) {
    return (Math.min(GROUP, count - i + i % GROUP) + 1) / 2;
  }

  private static boolean isHigh(int i, int count) {
    return i % GROUP >= lows(i, count);
  }

  private static int byteOf(int i, int count) {
    int inGroup = i % GROUP;
    return (i - inGroup) / 2 + inGroup - (isHigh(i, count) ? lows(i, count) : 0);
  }

  private static int endOfRun(int i, int count, int block) {
    int group = i - i % GROUP;
    int endOfHalf = isHigh(i, count) ? group + GROUP : group + lows(i, count);
    return Math.min(Math.min(endOfHalf, i - i % block + block), count);
  }
}
