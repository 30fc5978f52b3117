package io.tributary.codecs.block;

import static io.tributary.codecs.block.BlockLayout.HALF;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuProgram;
import java.util.Arrays;

/**
 * What the OpenCL encoders of block codecs have in common: a work group takes a tile of 16 groups,
 * finds the largest magnitude of each half of a group in local memory, and from them the scales.
 *
 * <p>Loads and stores are coalesced: neighbouring work items take neighbouring values. Aparapi has
 * no way to a float's bits, so the significand's upper bits are found by exact operations alone: a
 * search among the powers of two and a multiplication by one of them. What comes out is what {@link
 * BlockScale#of} says.
 */
public abstract class BlockEncodeProgram extends GpuProgram {
  /** Values in a tile. */
  public static final int TILE = 1024;

  private static final int LOWEST_EXPONENT = -126;
  private static final int POWERS = 254;

  /** The values, and after them zeros up to a whole tile. */
  protected float[] source = new float[0];

  /** The codes, in the codec's own order. */
  protected byte[] codes = new byte[0];

  /** The scale of each half group's block, as 16 bits; beyond the largest if one isn't finite. */
  protected int[] scales = new int[0];

  /** Half groups of a block less one. */
  protected int halvesMask;

  @Local protected final float[] values = new float[TILE];
  @Local protected final float[] largest = new float[ITEMS];
  @Local protected final float[] reciprocal = new float[TILE / 32];

  /* Aparapi finds inherited fields only if they are not private. */
  protected final float step;
  protected final float smallest;
  protected final int largestScale;
  protected final float[] reciprocals = new float[128];
  protected final float[] powers = new float[POWERS];

  /** A program for a scale rule. */
  protected BlockEncodeProgram(BlockScale rule) {
    step = rule.step();
    smallest = Float.intBitsToFloat(rule.smallest());
    largestScale = rule.largest();
    for (int m = 0; m < reciprocals.length; m++) {
      // The bf16 number of exponent 0 and significand 1 + m / 128.
      reciprocals[m] = BlockScale.reciprocal(127 << 7 | m);
    }
    for (int i = 0; i < powers.length; i++) {
      powers[i] = Math.scalb(1f, LOWEST_EXPONENT + i);
    }
  }

  /** Makes the arrays that many values long, unless they are. */
  final void reserve(BlockLayout layout, int slice) {
    if (source.length != slice) {
      source = new float[slice];
      codes = new byte[layout.codesAt(0, slice)];
      scales = new int[slice / HALF];
    }
  }

  /** Encodes values, at most {@code slice} of them; on the lane's thread. */
  final void encode(BlockLayout layout, int slice, int block, float[] values, int from, int count) {
    reserve(layout, slice);
    halvesMask = block / HALF - 1;
    int tiles = (count + TILE - 1) / TILE;
    GpuLane.forEachRun(
        count, (first, run) -> System.arraycopy(values, from + first, source, first, run));
    Arrays.fill(source, count, tiles * TILE, 0f);
    put(source);
    GpuDevice.execute(this, tiles);
  }

  /** Fetches the codes of what was encoded. */
  final void getCodes(byte[] target, int at, int length) {
    get(codes);
    GpuLane.forEachRun(
        length, (first, run) -> System.arraycopy(codes, first, target, at + first, run));
  }

  /** Fetches the scales of what was encoded; false if a value wasn't finite. */
  final boolean getScales(BlockLayout layout, int block, int count, byte[] target, int at) {
    get(scales);
    for (int i = 0; i < count / block; i++) {
      int scale = scales[i * (block / HALF)];
      if (scale > layout.scale().largest()) {
        return false;
      }
      BlockScale.put(target, at + SCALE_BYTES * i, scale);
    }
    return true;
  }

  /** Loads the tile and leaves each half group's reciprocal, and writes the scales. */
  protected final void prepare() {
    int item = getLocalId();
    int tile = getGroupId();
    for (int i = 0; i < 8; i++) {
      values[item + i * 128] = source[tile * 1024 + item + i * 128];
    }
    localBarrier();
    // Four items share a half group; each begins at another value, so that they meet no bank
    // together.
    int part = item >> 2;
    float most = 0f;
    for (int i = 0; i < 8; i++) {
      float magnitude = abs(values[part * 32 + (item & 3) + ((i + part) & 7) * 4]);
      most = magnitude <= 3.4028235E38f ? max(most, magnitude) : 1f / 0f;
    }
    largest[item] = most;
    localBarrier();
    if (item < 32) {
      int first = item & ~halvesMask;
      float blockLargest = 0f;
      for (int i = first * 4; i < (first + halvesMask + 1) * 4; i++) {
        blockLargest = max(blockLargest, largest[i]);
      }
      int scale = scale(blockLargest);
      scales[tile * 32 + item] = scale;
      reciprocal[item] = reciprocalOf(scale);
    }
    localBarrier();
  }

  private int scale(float blockLargest) {
    int bits = 0;
    if (blockLargest > 3.4028235E38f) {
      bits = 0x7F80;
    }
    if (blockLargest >= smallest && blockLargest <= 3.4028235E38f) {
      float exact = blockLargest * step;
      int exponent = 0;
      for (int i = 128; i > 0; i >>= 1) {
        int next = exponent + i;
        if (next < 253) {
          if (powers[next] <= exact) {
            exponent = next;
          }
        }
      }
      int significand = (int) (exact * powers[252 - exponent] * 8388608f);
      bits = ((exponent + 1) << 7) + ((significand + 0xFFFF) >> 16) - 128;
      bits = min(bits, largestScale);
    }
    return bits;
  }

  private float reciprocalOf(int scale) {
    float result = 0f;
    if (scale > 0 && scale < 0x7F80) {
      result = reciprocals[scale & 127] * powers[253 - (scale >> 7)];
    }
    return result;
  }
}
