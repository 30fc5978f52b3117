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

  /** The bits of a code. */
  protected int codeBits;

  /** 1 if values are added to what lies in {@link #target}, 0 if they replace it. */
  protected int adding;

  @Local protected final int[] words = new int[TILE / 4];

  /** Makes the arrays that many values long, unless they are. */
  final void reserve(BlockLayout layout, int slice) {
    reserve(layout.codeBits(), HALF, slice);
  }

  /**
   * Makes the arrays that many values long, unless they are.
   *
   * @param bits the bits of a code
   * @param block the values of the smallest block
   */
  protected final void reserve(int bits, int block, int slice) {
    codeBits = bits;
    int ints = slice / Integer.SIZE * bits;
    if (target.length != slice || codes.length != ints) {
      target = new float[slice];
      codes = new int[ints];
      scales = new float[slice / block];
    }
  }

  /** Sends codes to the device; their bytes fill whole ints. */
  public final void putCodes(byte[] source, int at, int length) {
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

  /** Sends the sums that values are to be added to, and says so. */
  public final void putSums(float[] values, int from, int count) {
    GpuLane.forEachRun(
        count, (first, run) -> System.arraycopy(values, from + first, target, first, run));
    put(target);
    adding = 1;
  }

  /** Says that values are not to be added to anything. */
  public final void putNoSums() {
    adding = 0;
  }

  /** Decodes what was sent; on the lane's thread. */
  public final void decode(int count) {
    GpuDevice.execute(this, (count + TILE - 1) / TILE);
  }

  /** Fetches what was decoded, or the sums. */
  public final void getValues(float[] values, int from, int count) {
    get(target);
    GpuLane.forEachRun(
        count, (first, run) -> System.arraycopy(target, first, values, from + first, run));
  }

  /** Brings the tile's codes to local memory, so many ints. */
  protected final void load(int count) {
    int tile = getGroupId();
    for (int i = getLocalId(); i < count; i += 128) {
      words[i] = codes[tile * count + i];
    }
    localBarrier();
  }

  /**
   * Writes or adds a value that is the exact product of a code and a scale: the sum is then the
   * same whether the device contracts both operations or not.
   */
  protected final void store(int at, float value) {
    if (adding != 0) {
      target[at] = target[at] + value;
    } else {
      target[at] = value;
    }
  }

  /** Byte {@code i} of the tile's codes, with its sign. */
  protected final int signedByte(int i) {
    return words[i >> 2] << (24 - 8 * (i & 3)) >> 24;
  }
}
