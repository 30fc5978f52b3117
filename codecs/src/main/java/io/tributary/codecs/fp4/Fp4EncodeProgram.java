package io.tributary.codecs.fp4;

import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuProgram;
import java.util.Arrays;

/**
 * The encoder of both formats for an OpenCL device: a work group takes a tile of 1024 values and
 * finds the largest magnitude of each 16 in local memory.
 *
 * <p>Numbers are rounded by {@code rint} after a multiplication by a power of two, which is exact;
 * the processors' kernels add instead, and a device may contract such a sum with the product
 * before.
 */
final class Fp4EncodeProgram extends GpuProgram {
  private static final int TILE = 1024;
  private static final int PART = 16;

  /** The values, and after them zeros up to a whole tile. */
  protected float[] source = new float[0];

  /** The codes. */
  protected byte[] codes = new byte[0];

  /** The scale byte of the block of each 16 values; 256 if a value isn't finite. */
  protected int[] scales = new int[0];

  /** What takes a value to multiples of the least code, by scale byte. */
  protected final float[] factors = new float[257];

  /** The powers of two from 2^-126 on. */
  protected final float[] powers = new float[254];

  /** 16ths of a block less one. */
  protected int partsMask;

  /** 1 if scales are powers of two. */
  protected int scalesArePowers;

  /** What takes a largest magnitude to units of e4m3. */
  protected float toUnits;

  @Local protected final float[] values = new float[TILE];
  @Local protected final float[] largest = new float[ITEMS];
  @Local protected final float[] factor = new float[TILE / PART];

  Fp4EncodeProgram() {
    for (int i = 0; i < powers.length; i++) {
      powers[i] = Math.scalb(1f, i - 126);
    }
  }

  /** Encodes values, at most {@code slice} of them; on the lane's thread. */
  void encode(Fp4Format format, int slice, Fp4Scales rule, float[] values, int from, int count) {
    if (source.length != slice) {
      source = new float[slice];
      codes = new byte[slice / 2];
      scales = new int[slice / PART];
    }
    partsMask = format.block() / PART - 1;
    scalesArePowers = rule.arePowers() ? 1 : 0;
    toUnits = rule.toUnits();
    System.arraycopy(rule.factors, 0, factors, 0, rule.factors.length);
    put(factors);
    int tiles = (count + TILE - 1) / TILE;
    GpuLane.forEachRun(
        count, (first, run) -> System.arraycopy(values, from + first, source, first, run));
    Arrays.fill(source, count, tiles * TILE, 0f);
    put(source);
    GpuDevice.execute(this, tiles);
  }

  /** Fetches the codes of what was encoded. */
  void getCodes(byte[] target, int at, int length) {
    get(codes);
    GpuLane.forEachRun(
        length, (first, run) -> System.arraycopy(codes, first, target, at + first, run));
  }

  /** Fetches the scales of what was encoded; false if a value wasn't finite. */
  boolean getScales(Fp4Format format, int count, byte[] target, int at) {
    get(scales);
    int parts = format.block() / PART;
    for (int i = 0; i < count / format.block(); i++) {
      int scale = scales[i * parts];
      if (scale > 0xFF) {
        return false;
      }
      target[at + i] = (byte) scale;
    }
    return true;
  }

  @Override
  public void run() {
    int item = getLocalId();
    int tile = getGroupId();
    for (int i = 0; i < 8; i++) {
      values[item + i * 128] = source[tile * 1024 + item + i * 128];
    }
    localBarrier();
    // Two items share 16 values; each begins at another one, so that they meet no bank together.
    int part = item >> 1;
    float most = 0f;
    for (int i = 0; i < 8; i++) {
      float magnitude = abs(values[part * 16 + (item & 1) + ((i + part) & 7) * 2]);
      most = magnitude <= 3.4028235E38f ? max(most, magnitude) : 1f / 0f;
    }
    largest[item] = most;
    localBarrier();
    if (item < 64) {
      int first = item & ~partsMask;
      float blockLargest = 0f;
      for (int i = first * 2; i < (first + partsMask + 1) * 2; i++) {
        blockLargest = max(blockLargest, largest[i]);
      }
      int scale = scale(blockLargest);
      scales[tile * 64 + item] = scale;
      factor[item] = factors[scale];
    }
    localBarrier();
    for (int i = 0; i < 4; i++) {
      int pair = item + i * 128;
      int at = (pair >> 5) * 64 + (pair & 31);
      int low = code(values[at], factor[at >> 4]);
      int high = code(values[at + 32], factor[(at + 32) >> 4]);
      codes[tile * 512 + pair] = (byte) (low | high << 4);
    }
  }

  private int scale(float blockLargest) {
    int result = 256;
    if (blockLargest <= 3.4028235E38f) {
      if (scalesArePowers != 0) {
        result = power(blockLargest);
      } else {
        float units = blockLargest * toUnits;
        int exponent = max(3, 31 - clz((int) units));
        int significand = (int) rint(units * powers[129 - exponent]);
        result = min(significand + ((exponent - 3) << 3), 126);
      }
    }
    return result;
  }

  private int power(float blockLargest) {
    int exponent = 0;
    for (int i = 128; i > 0; i >>= 1) {
      int next = exponent + i;
      if (next < 254) {
        if (powers[next] <= blockLargest) {
          exponent = next;
        }
      }
    }
    int result = exponent - 1;
    if (blockLargest >= powers[exponent] * 1.75f) {
      result = exponent;
    }
    return max(2, min(result, 252));
  }

  private int code(float x, float by) {
    float magnitude = min(abs(x * by), 12f);
    int exponent = max(1, 31 - clz((int) magnitude));
    int code = (int) rint(magnitude * powers[127 - exponent]) + ((exponent - 1) << 1);
    return code | (signOf(x) << 3);
  }
}
