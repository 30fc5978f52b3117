package io.tributary.codecs.block;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.HALF;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The scales of runs of whole blocks by the Vector API, for the SIMD kernels of all block codecs.
 *
 * <p>The innermost loops have a constant length of half a group or a group: only where the compiler
 * knows how many vectors there are does it unroll them and prove all array accesses at once. Larger
 * blocks are several groups. (A loop that is as long as their blocks is no faster on values in a
 * cache, and half as fast on values in memory.)
 *
 * <p>Scales are written before any code is, because the steps from a block's largest magnitude to
 * its reciprocal take longer than encoding the block: done for one block after the other, each
 * would wait for its own. Kernels alternate in tiles that stay in the first-level cache.
 */
public final class BlockScaleSimdKernel {
  /** Values in a tile, a multiple of every block size. */
  public static final int TILE = 2048;

  private static final int MAGNITUDE = 0x7FFF_FFFF;

  private BlockScaleSimdKernel() {}

  /**
   * Writes the scales of {@code count} values, a multiple of the block size and at most a tile.
   *
   * @return whether all values are finite; if not, the scales mean nothing
   */
  public static boolean encode(
      BlockScale rule, float[] source, int from, int count, int block, byte[] target, int at) {
    int blocks = count / block;
    return switch (block) {
      case HALF -> encodeHalves(rule, source, from, blocks, target, at);
      case GROUP -> encodeGroups(rule, source, from, blocks, target, at);
      default -> encodeLarger(rule, source, from, blocks, block / GROUP, target, at);
    };
  }

  private static boolean encodeHalves(
      BlockScale rule, float[] source, int from, int blocks, byte[] target, int at) {
    int all = 0;
    for (int i = 0; i < blocks; i++) {
      IntVector largest = IntVector.zero(INTS);
      for (int j = 0; j < HALF; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + HALF * i + j);
        largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      int scale = rule.of(largest.reduceLanes(VectorOperators.MAX));
      BlockScale.put(target, at + SCALE_BYTES * i, scale);
      all |= scale;
    }
    return all != BlockScale.NON_FINITE;
  }

  private static boolean encodeGroups(
      BlockScale rule, float[] source, int from, int blocks, byte[] target, int at) {
    int all = 0;
    for (int i = 0; i < blocks; i++) {
      IntVector largest = IntVector.zero(INTS);
      for (int j = 0; j < GROUP; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + GROUP * i + j);
        largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      int scale = rule.of(largest.reduceLanes(VectorOperators.MAX));
      BlockScale.put(target, at + SCALE_BYTES * i, scale);
      all |= scale;
    }
    return all != BlockScale.NON_FINITE;
  }

  private static boolean encodeLarger(
      BlockScale rule,
      float[] source,
      int from,
      int blocks,
      int groupsOfBlock,
      byte[] target,
      int at) {
    int all = 0;
    for (int i = 0; i < blocks; i++) {
      int largestOfBlock = 0;
      for (int k = 0; k < groupsOfBlock; k++) {
        int first = from + GROUP * (groupsOfBlock * i + k);
        IntVector largest = IntVector.zero(INTS);
        for (int j = 0; j < GROUP; j += LANES) {
          FloatVector x = FloatVector.fromArray(FLOATS, source, first + j);
          largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
        }
        largestOfBlock = Math.max(largestOfBlock, largest.reduceLanes(VectorOperators.MAX));
      }
      int scale = rule.of(largestOfBlock);
      BlockScale.put(target, at + SCALE_BYTES * i, scale);
      all |= scale;
    }
    return all != BlockScale.NON_FINITE;
  }
}
