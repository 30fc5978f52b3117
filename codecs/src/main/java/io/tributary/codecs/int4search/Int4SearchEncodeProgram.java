package io.tributary.codecs.int4search;

import static io.tributary.codecs.int4search.Int4SearchLayout.GROUP_BYTES;
import static io.tributary.codecs.int4search.Int4SearchLayout.SUPERBLOCK;

import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.GpuProgram;

/**
 * int4search's encoder for an OpenCL device: a work group takes a superblock to local memory and
 * finds its base, then each work item searches two blocks.
 *
 * <p>Aparapi has no way to a float's bits. A scale's pattern is found by a search among the powers
 * of two and an exact multiplication by one of them, and so is a scale from its pattern. A scale's
 * reciprocal is one of eight, times a power of two, which is exact as well.
 */
final class Int4SearchEncodeProgram extends GpuProgram {
  private static final int POWERS = 254;
  private static final int LOWEST_EXPONENT = -126;

  /** The values of whole superblocks. */
  float[] source = new float[0];

  /** The groups of all superblocks, without bases between them. */
  byte[] codes = new byte[0];

  /** The base of each superblock, or -1 if a value isn't finite. */
  int[] bases = new int[0];

  @Local final float[] values = new float[SUPERBLOCK];
  @Local final float[] largest = new float[ITEMS];

  final float[] powers = powers();
  final float[] reciprocals = new float[8];

  /** Of the two books. */
  final float[] linears = {Int4SearchBook.FLAT.linear(), Int4SearchBook.BENT.linear()};

  final float[] squares = {Int4SearchBook.FLAT.square(), Int4SearchBook.BENT.square()};
  final float[] cubes = {Int4SearchBook.FLAT.cube(), Int4SearchBook.BENT.cube()};
  final float[] bends = {Int4SearchBook.FLAT.bend(), Int4SearchBook.BENT.bend()};
  final float flatEnd = Int4SearchBook.FLAT.end();
  final float bentEnd = Int4SearchBook.BENT.end();

  Int4SearchEncodeProgram() {
    for (int m = 0; m < reciprocals.length; m++) {
      reciprocals[m] = 1f / (1f + m / 8f);
    }
  }

  /** The powers of two from 2^-126 to 2^127. */
  static float[] powers() {
    var powers = new float[POWERS];
    for (int i = 0; i < powers.length; i++) {
      powers[i] = Math.scalb(1f, LOWEST_EXPONENT + i);
    }
    return powers;
  }

  /** Encodes whole superblocks, at most {@code slice} values; on the lane's thread. */
  void encode(int slice, float[] values, int from, int count) {
    if (source.length != slice) {
      source = new float[slice];
      codes = new byte[slice / Int4SearchLayout.GROUP * GROUP_BYTES];
      bases = new int[slice / SUPERBLOCK];
    }
    System.arraycopy(values, from, source, 0, count);
    put(source);
    GpuDevice.execute(this, count / SUPERBLOCK);
    get(codes);
    get(bases);
  }

  @Override
  public void run() {
    int item = getLocalId();
    int tile = getGroupId();
    float most = 0f;
    for (int i = 0; i < 32; i++) {
      float x = source[tile * 4096 + item + i * 128];
      values[item + i * 128] = x;
      float magnitude = abs(x);
      most = magnitude <= 3.4028235E38f ? max(most, magnitude) : 1f / 0f;
    }
    largest[item] = most;
    localBarrier();
    for (int i = 0; i < 128; i++) {
      most = max(most, largest[i]);
    }
    int base = -1;
    if (most <= 3.4028235E38f) {
      base = min(max(pattern(most * flatEnd) + 3 - 64, 64), 1945);
    }
    if (item == 0) {
      bases[tile] = base;
    }
    if (base >= 0) {
      for (int i = item; i < 256; i += 128) {
        encodeBlock(base, (i >> 4) * 256 + (i & 15), tile * 2304 + (i >> 4) * 144 + (i & 15));
      }
    }
  }

  private void encodeBlock(int base, int from, int at) {
    float above = 0f;
    float below = 0f;
    for (int i = 0; i < 256; i += 16) {
      above = max(above, values[from + i]);
      below = max(below, -values[from + i]);
    }
    int flipped = 0;
    float sign = 1f;
    if (below < above) {
      flipped = 1;
      sign = -1f;
    }
    float end = max(above, below);
    int flat = pattern(end * flatEnd) - base;
    int bent = pattern(end * bentEnd) - base;
    float least = 1f / 0f;
    int best = 0;
    for (int k = 0; k < 6; k++) {
      int second = k / 3;
      int index = max(0, min(k + (1 - second) * flat + second * (bent - 3), 63));
      float scale = scale(base + index);
      float error = error(from, sign * reciprocal(base + index), second) * scale * scale;
      if (error < least) {
        least = error;
        best = index | second << 7;
      }
    }
    codes[at] = (byte) (best | flipped << 6);
    float factor = sign * reciprocal(base + (best & 63));
    for (int row = 0; row < 8; row++) {
      int low = code(values[from + row * 16] * factor, best >> 7);
      int high = code(values[from + row * 16 + 128] * factor, best >> 7);
      codes[at + row * 16 + 16] = (byte) ((low & 15) | high << 4);
    }
  }

  private float error(int from, float factor, int second) {
    float bend = bends[second];
    float error = 0f;
    for (int i = 0; i < 256; i += 16) {
      float y = values[from + i] * factor;
      float k = magnitude(y, second);
      float value = k * fma(bend, k, 64f);
      float off = fma(value, -0.015625f, abs(y));
      error = fma(off, off, error);
    }
    return error;
  }

  private int code(float y, int second) {
    int k = (int) magnitude(y, second);
    if (y < 0f) {
      k = -k;
    }
    return k;
  }

  /** The magnitude of a code. */
  private float magnitude(float y, int second) {
    float a = abs(y);
    float g = fma(fma(cubes[second], a, squares[second]), a, linears[second]) * a;
    float most = 7f;
    if (y < 0f) {
      most = 8f;
    }
    return min(g, most) + 12582912f - 12582912f;
  }

  /** The upper twelve bits of a number's pattern; 0 for numbers that aren't normal. */
  private int pattern(float x) {
    int bits = 0;
    if (x >= 1.17549435E-38f) {
      int exponent = 0;
      for (int i = 128; i > 0; i >>= 1) {
        int next = exponent + i;
        if (next < 253) {
          if (powers[next] <= x) {
            exponent = next;
          }
        }
      }
      int significand = (int) (x * powers[252 - exponent] * 8f);
      bits = (exponent + 1) * 8 + significand - 8;
    }
    return bits;
  }

  private float scale(int bits) {
    return (8 + (bits & 7)) * 0.125f * powers[(bits >> 3) - 1];
  }

  private float reciprocal(int bits) {
    return reciprocals[bits & 7] * powers[253 - (bits >> 3)];
  }
}
