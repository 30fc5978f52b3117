package io.tributary.codecs.intblock;

import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.block.BlockLayout;

/**
 * Rotates whole blocks and leaves their arithmetic to another kernel, tile by tile in an array that
 * belongs to the calling thread. What is left after whole blocks and groups isn't rotated.
 */
final class RotatedKernel implements BlockKernel {
  private static final int TILE = 2048;
  private static final ThreadLocal<float[]> VALUES = ThreadLocal.withInitial(() -> new float[TILE]);

  private final BlockLayout layout;
  private final IntBlockKernel kernel;
  private final Rotation rotation;

  RotatedKernel(IntBlockFormat format, IntBlockKernel kernel, Rotation rotation) {
    layout = format.layout();
    this.kernel = kernel;
    this.rotation = rotation;
  }

  @Override
  public boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt) {
    float[] values = VALUES.get();
    int whole = BlockLayout.wholeGroups(count, block);
    for (int i = 0; i < whole; i += TILE) {
      int now = Math.min(TILE, whole - i);
      rotation.forward(source, from + i, now, block, values);
      int scales = scalesAt + SCALE_BYTES * (i / block);
      if (!kernel.encode(values, 0, now, block, target, scales, layout.codesAt(codesAt, i))) {
        return false;
      }
    }
    return kernel.encode(
        source,
        from + whole,
        count - whole,
        block,
        target,
        scalesAt + SCALE_BYTES * (whole / block),
        layout.codesAt(codesAt, whole));
  }

  @Override
  public void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    float[] values = VALUES.get();
    int whole = BlockLayout.wholeGroups(count, block);
    for (int i = 0; i < whole; i += TILE) {
      int now = Math.min(TILE, whole - i);
      decodeTile(source, scalesAt, codesAt, i, now, block, values);
      System.arraycopy(values, 0, target, from + i, now);
    }
    kernel.decode(
        source,
        scalesAt + SCALE_BYTES * (whole / block),
        layout.codesAt(codesAt, whole),
        count - whole,
        block,
        target,
        from + whole);
  }

  @Override
  public void accumulate(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    float[] values = VALUES.get();
    int whole = BlockLayout.wholeGroups(count, block);
    for (int i = 0; i < whole; i += TILE) {
      int now = Math.min(TILE, whole - i);
      decodeTile(source, scalesAt, codesAt, i, now, block, values);
      for (int j = 0; j < now; j++) {
        target[from + i + j] += values[j];
      }
    }
    kernel.accumulate(
        source,
        scalesAt + SCALE_BYTES * (whole / block),
        layout.codesAt(codesAt, whole),
        count - whole,
        block,
        target,
        from + whole);
  }

  private void decodeTile(
      byte[] source, int scalesAt, int codesAt, int first, int count, int block, float[] values) {
    kernel.decodeCodes(source, layout.codesAt(codesAt, first), count, values);
    int scales = scalesAt + SCALE_BYTES * (first / block);
    rotation.backward(values, count, block, source, scales);
  }
}
