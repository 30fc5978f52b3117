package io.tributary.codecs.topk;

import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;
import static io.tributary.codecs.topk.TopkLayout.BLOCK;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** topk's passes by the Vector API. */
final class TopkSimdKernel implements TopkKernel {
  /**
   * Values looked at together for one that reaches the bound; at 1 % seven in ten runs have none.
   */
  private static final int RUN = 32;

  @Override
  public void largest(float[] source, int from, int groups, int[] largest) {
    int size = BLOCK / groups;
    for (int group = 0; group < groups; group += LANES) {
      IntVector pattern = IntVector.zero(INTS);
      int at = from + size * group;
      for (int i = 0; i < size * LANES; i += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, at + i);
        pattern = pattern.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      pattern.intoArray(largest, group);
    }
  }

  @Override
  public int collect(float[] source, int from, int count, int bound, int[] indices) {
    int whole = count - count % RUN;
    int found = 0;
    for (int i = 0; i < whole; i += RUN) {
      IntVector pattern = IntVector.zero(INTS);
      for (int j = 0; j < RUN; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + i + j);
        pattern = pattern.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      if (pattern.reduceLanes(VectorOperators.MAX) >= bound) {
        found = TopkScalarKernel.collect(source, from, i, i + RUN, bound, indices, found);
      }
    }
    return TopkScalarKernel.collect(source, from, whole, count, bound, indices, found);
  }
}
