package io.tributary.codecs.topk;

import static io.tributary.codecs.topk.TopkLayout.BLOCK;

/** The definition of topk's passes: the other kernel is tested against this class. */
final class TopkScalarKernel implements TopkKernel {
  @Override
  public void largest(float[] source, int from, int groups, int[] largest) {
    int size = BLOCK / groups;
    for (int group = 0; group < groups; group++) {
      int pattern = 0;
      for (int i = from + size * group; i < from + size * (group + 1); i++) {
        pattern = Math.max(pattern, Float.floatToRawIntBits(source[i]) & MAGNITUDE);
      }
      largest[group] = pattern;
    }
  }

  @Override
  public int collect(float[] source, int from, int count, int bound, int[] indices) {
    return collect(source, from, 0, count, bound, indices, 0);
  }

  static int collect(
      float[] source, int from, int first, int count, int bound, int[] indices, int found) {
    int next = found;
    for (int i = first; i < count; i++) {
      if ((Float.floatToRawIntBits(source[from + i]) & MAGNITUDE) >= bound) {
        indices[next++] = i;
      }
    }
    return next;
  }
}
