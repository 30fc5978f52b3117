package io.tributary.codecs.block;

import static io.tributary.codecs.block.BlockLayout.HALF;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the OpenCL decoders of block codecs have in common: a work group takes the codes of a tile
 * as whole ints, four bytes at a time, to local memory, where each work item finds its own bytes.
 */
public abstract class BlockDecodeProgram extends GpuProgram {
  /** Values that a work group decodes. */
  public static final int TILE = BlockEncodeProgram.TILE;

  /** The codes in the codec's own order, four bytes in an int, the first one lowest. */
  protected int[] codes = new int[0];

  /** The scale of each block, as a number. */
  protected float[] scales = new float[0];

  /** What the codes mean. */
  protected float[] target = new float[0];

  /** The base-2 logarithm of the block size. */
  protected int blockShift;

  @Local protected final int[] words = new int[TILE / 4];

  /** Makes the arrays that many values long, unless they are. */
  final void reserve(BlockLayout layout, int slice) {
    if (target.length != slice) {
      target = new float[slice];
      codes = new int[layout.codesAt(0, slice) / Integer.BYTES];
      scales = new float[slice / HALF];
    }
  }

  /** Sends codes to the device; their bytes fill whole ints. */
  final void putCodes(byte[] source, int at, int length) {
    GpuLane.forEachRun(
        length / Integer.BYTES,
        (first, run) ->
            ByteBuffer.wrap(source, at + first * Integer.BYTES, run * Integer.BYTES)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(codes, first, run));
    put(codes);
  }

  /** Sends the scales of so many values to the device. */
  final void putScales(byte[] source, int at, int block, int count) {
    blockShift = Integer.numberOfTrailingZeros(block);
    for (int i = 0; i < count / block; i++) {
      scales[i] = BlockScale.value(BlockScale.get(source, at + SCALE_BYTES * i));
    }
    put(scales);
  }

  /** Decodes what was sent; on the lane's thread. */
  final void decode(int count) {
    GpuDevice.execute(this, (count + TILE - 1) / TILE);
  }

  /** Fetches what was decoded, or adds it to what is there. */
  final void getValues(float[] values, int from, int count, boolean add) {
    get(target);
    GpuLane.forEachRun(
        count,
        (first, run) -> {
          if (!add) {
            System.arraycopy(target, first, values, from + first, run);
            return;
          }
          for (int i = first; i < first + run; i++) {
            values[from + i] += target[i];
          }
        });
  }

  /** Brings the tile's codes to local memory, so many ints. */
  protected final void load(int count) {
    int tile = getGroupId();
    for (int i = getLocalId(); i < count; i += 128) {
      words[i] = codes[tile * count + i];
    }
    localBarrier();
  }

  /** Byte {@code i} of the tile's codes, with its sign. */
  protected final int signedByte(int i) {
    return words[i >> 2] << (24 - 8 * (i & 3)) >> 24;
  }
}
