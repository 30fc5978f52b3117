package io.tributary.codecs.block;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

import io.tributary.codecs.internal.SimdLanes;
import jdk.incubator.vector.FloatVector;

/**
 * What the SIMD kernels of block codecs have in common: they take whole blocks in runs of whole
 * groups and leave the rest, a short last group or block, to the scalar kernel.
 *
 * <p>Their loops run over groups, whose size is a constant: only where the compiler knows how many
 * vectors a turn takes does it unroll them and prove all array accesses once for the loop. Where
 * blocks are one group or more, the scale of group {@code i} lies at {@code i >>> shift}. Where
 * they are half a group, scales {@code 2 i} and {@code 2 i + 1} belong to its halves; that takes a
 * loop of its own, since a second scale in each turn would make the larger blocks slower.
 */
public abstract class BlockSimdKernel implements BlockKernel {
  private final BlockLayout layout;
  private final BlockKernel rest;

  /**
   * A kernel.
   *
   * @param rest the scalar kernel of the same codec
   */
  protected BlockSimdKernel(BlockLayout layout, BlockKernel rest) {
    this.layout = layout;
    this.rest = rest;
  }

  /** Encodes whole groups, whose scales lie there already. */
  protected abstract void encodeGroups(
      float[] source, int from, int groups, int shift, byte[] target, int scalesAt, int codesAt);

  /** As {@link #encodeGroups} with blocks of half a group. */
  protected abstract void encodeHalves(
      float[] source, int from, int groups, byte[] target, int scalesAt, int codesAt);

  /** Decodes whole groups. */
  protected abstract void decodeGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from);

  /** Decodes and adds whole groups. */
  protected abstract void accumulateGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from);

  /**
   * Decodes, or decodes and adds, whole groups with blocks of half a group. One loop does both; for
   * larger blocks, two loops without the question measure faster.
   */
  protected abstract void decodeHalves(
      byte[] source, int scalesAt, int codesAt, int groups, boolean add, float[] target, int from);

  @Override
  public final boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt) {
    int whole = BlockLayout.wholeGroups(count, block);
    for (int i = 0; i < whole; i += BlockScaleSimdKernel.TILE) {
      int tile = Math.min(BlockScaleSimdKernel.TILE, whole - i);
      int at = scalesAt(scalesAt, i, block);
      if (!BlockScaleSimdKernel.encode(layout.scale(), source, from + i, tile, block, target, at)) {
        return false;
      }
      int tileCodesAt = layout.codesAt(codesAt, i);
      if (block < GROUP) {
        encodeHalves(source, from + i, tile / GROUP, target, at, tileCodesAt);
      } else {
        encodeGroups(source, from + i, tile / GROUP, shift(block), target, at, tileCodesAt);
      }
    }
    return rest.encode(
        source,
        from + whole,
        count - whole,
        block,
        target,
        scalesAt(scalesAt, whole, block),
        layout.codesAt(codesAt, whole));
  }

  @Override
  public final void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    int whole = BlockLayout.wholeGroups(count, block);
    int groups = whole / GROUP;
    if (block < GROUP) {
      decodeHalves(source, scalesAt, codesAt, groups, false, target, from);
    } else {
      decodeGroups(source, scalesAt, codesAt, groups, shift(block), target, from);
    }
    rest.decode(
        source,
        scalesAt(scalesAt, whole, block),
        layout.codesAt(codesAt, whole),
        count - whole,
        block,
        target,
        from + whole);
  }

  @Override
  public final void accumulate(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    int whole = BlockLayout.wholeGroups(count, block);
    int groups = whole / GROUP;
    if (block < GROUP) {
      decodeHalves(source, scalesAt, codesAt, groups, true, target, from);
    } else {
      accumulateGroups(source, scalesAt, codesAt, groups, shift(block), target, from);
    }
    rest.accumulate(
        source,
        scalesAt(scalesAt, whole, block),
        layout.codesAt(codesAt, whole),
        count - whole,
        block,
        target,
        from + whole);
  }

  /** The scale at a byte offset, in every lane. */
  protected static FloatVector scale(byte[] source, int at) {
    return FloatVector.broadcast(SimdLanes.FLOATS, BlockScale.value(BlockScale.get(source, at)));
  }

  /** The reciprocal of the scale at a byte offset, in every lane. */
  protected static FloatVector reciprocal(byte[] source, int at) {
    int scale = BlockScale.get(source, at);
    return FloatVector.broadcast(SimdLanes.FLOATS, BlockScale.reciprocal(scale));
  }

  private static int shift(int block) {
    return Integer.numberOfTrailingZeros(block / GROUP);
  }

  private static int scalesAt(int first, int values, int block) {
    return first + SCALE_BYTES * (values / block);
  }
}
