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
 * <p>There is one loop for each block size, alike but for the constant: only where the compiler
 * knows how many vectors a block has does it unroll them and prove all array accesses at once.
 * Scales are written before any code is, because the steps from a block's largest magnitude to its
 * reciprocal take longer than encoding the block: done for one block after the other, each would
 * wait for its own. Kernels alternate in tiles that stay in the first-level cache.
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
      case HALF -> encode32(rule, source, from, blocks, target, at);
      case GROUP -> encode64(rule, source, from, blocks, target, at);
      case 2 * GROUP -> encode128(rule, source, from, blocks, target, at);
      default -> encode256(rule, source, from, blocks, target, at);
    };
  }

  private static boolean encode32(
      BlockScale rule, float[] source, int from, int blocks, byte[] target, int at) {
    int all = 0;
    for (int i = 0; i < blocks; i++) {
      IntVector largest = IntVector.zero(INTS);
      for (int j = 0; j < 32; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + 32 * i + j);
        largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      int scale = rule.of(largest.reduceLanes(VectorOperators.MAX));
      BlockScale.put(target, at + SCALE_BYTES * i, scale);
      all |= scale;
    }
    return all != BlockScale.NON_FINITE;
  }

  private static boolean encode64(
      BlockScale rule, float[] source, int from, int blocks, byte[] target, int at) {
    int all = 0;
    for (int i = 0; i < blocks; i++) {
      IntVector largest = IntVector.zero(INTS);
      for (int j = 0; j < 64; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + 64 * i + j);
        largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      int scale = rule.of(largest.reduceLanes(VectorOperators.MAX));
      BlockScale.put(target, at + SCALE_BYTES * i, scale);
      all |= scale;
    }
    return all != BlockScale.NON_FINITE;
  }

  private static boolean encode128(
      BlockScale rule, float[] source, int from, int blocks, byte[] target, int at) {
    int all = 0;
    for (int i = 0; i < blocks; i++) {
      IntVector largest = IntVector.zero(INTS);
      for (int j = 0; j < 128; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + 128 * i + j);
        largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      int scale = rule.of(largest.reduceLanes(VectorOperators.MAX));
      BlockScale.put(target, at + SCALE_BYTES * i, scale);
      all |= scale;
    }
    return all != BlockScale.NON_FINITE;
  }

  private static boolean encode256(
      BlockScale rule, float[] source, int from, int blocks, byte[] target, int at) {
    int all = 0;
    for (int i = 0; i < blocks; i++) {
      IntVector largest = IntVector.zero(INTS);
      for (int j = 0; j < 256; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + 256 * i + j);
        largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      int scale = rule.of(largest.reduceLanes(VectorOperators.MAX));
      BlockScale.put(target, at + SCALE_BYTES * i, scale);
      all |= scale;
    }
    return all != BlockScale.NON_FINITE;
  }
}
