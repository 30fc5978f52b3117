package io.tributary.codecs.channelwise;

import static io.tributary.codecs.channelwise.ChannelGrid.HALF_TILE;
import static io.tributary.codecs.channelwise.ChannelGrid.TILE;

/** The definition: the other kernel is tested against this class. */
public final class ChannelScalarKernel implements ChannelKernel {
  /** Steps between the seeds of neighbouring rows and channels, odd numbers without a pattern. */
  static final int ROW_STEP = 0x85EB_CA6B;

  static final int CHANNEL_STEP = 0x9E37_79B9;

  @Override
  public void measure(float[] source, int[] at, int rows, ChannelMoments moments) {
    moments.begin(source, rows == 0 ? 0 : at[0], rows);
    measure(source, at, rows, 0, moments);
  }

  static void measure(float[] source, int[] at, int rows, int from, ChannelMoments moments) {
    for (int i = 0; i < rows; i++) {
      for (int c = from; c < moments.channels(); c++) {
        float x = source[at[i] + c];
        float off = x - moments.first[c];
        moments.least[c] = Math.min(moments.least[c], x);
        moments.largest[c] = Math.max(moments.largest[c], x);
        moments.sums[c] += off;
        moments.squares[c] = Math.fma(off, off, moments.squares[c]);
      }
    }
  }

  /** Added to a small number, it leaves no fraction bits in the sum, which is so rounded. */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  /** The code of a value of a channel. */
  static int code(ChannelGrid grid, int c, float x, float added) {
    float scaled = (x - grid.offsets[c]) * grid.reciprocals[c];
    float clipped = Math.min(Math.max(scaled, 0f), grid.tops[c]);
    int code = Float.floatToRawIntBits(clipped + added + ROUNDER) - ROUNDER_BITS;
    return Math.min(code, (int) grid.tops[c]);
  }

  /** What is added before rounding. */
  static float added(int noise, int row, int channel) {
    if (noise == TO_NEAREST) {
      return 0f;
    }
    return (mix((noise + row * ROW_STEP) ^ (channel * CHANNEL_STEP)) >>> 8) * 0x1p-24f - 0.5f;
  }

  /** A bijection of 32 bits whose outputs look independent. */
  static int mix(int x) {
    int y = (x ^ (x >>> 16)) * 0x7FEB_352D;
    y = (y ^ (y >>> 15)) * 0x846C_A68B;
    return y ^ (y >>> 16);
  }

  @Override
  public void pack(
      float[] source, int[] at, int rows, ChannelGrid grid, int noise, byte[] target, int to) {
    int tiles = rows / TILE;
    int next = to;
    for (int tile = 0; tile < tiles; tile++) {
      int row = tile * TILE;
      for (int c = 0; c < grid.channels(); c++) {
        int first = codes(source, at, row, grid, c, noise);
        int last = codes(source, at, row + HALF_TILE, grid, c, noise);
        put(first, last, grid.bits[c], target, next);
        next += grid.bits[c];
      }
    }
    packRest(source, at, tiles * TILE, rows, grid, noise, target, next);
  }

  /** The codes of a channel in half a tile, the first row's lowest. */
  static int codes(float[] source, int[] at, int row, ChannelGrid grid, int c, int noise) {
    int held = 0;
    for (int i = row + HALF_TILE - 1; i >= row; i--) {
      held = held << grid.bits[c] | code(grid, c, source[at[i] + c], added(noise, i, c));
    }
    return held;
  }

  /** Writes the codes of a channel in a tile, given by halves. */
  static void put(int first, int last, int width, byte[] target, int at) {
    long codes = join(first, last, width);
    for (int i = 0; i < width; i++) {
      target[at + i] = (byte) (codes >>> (Byte.SIZE * i));
    }
  }

  static long join(int first, int last, int width) {
    return (first & 0xFFFF_FFFFL) | (long) last << (HALF_TILE * width);
  }

  static void packRest(
      float[] source,
      int[] at,
      int row,
      int rows,
      ChannelGrid grid,
      int noise,
      byte[] target,
      int to) {
    int next = to;
    int held = 0;
    int filled = 0;
    for (int c = 0; c < grid.channels(); c++) {
      for (int i = row; i < rows; i++) {
        held |= code(grid, c, source[at[i] + c], added(noise, i, c)) << filled;
        filled += grid.bits[c];
        while (filled >= Byte.SIZE) {
          target[next++] = (byte) held;
          held >>>= Byte.SIZE;
          filled -= Byte.SIZE;
        }
      }
    }
    if (filled > 0) {
      target[next] = (byte) held;
    }
  }

  @Override
  public void unpack(
      byte[] source, int from, int rows, ChannelGrid grid, float[] target, int[] at) {
    int tiles = rows / TILE;
    int next = from;
    for (int tile = 0; tile < tiles; tile++) {
      int row = tile * TILE;
      for (int c = 0; c < grid.channels(); c++) {
        int width = grid.bits[c];
        long codes = get(source, next, width);
        next += width;
        values((int) codes, row, grid, c, target, at);
        values((int) (codes >>> (HALF_TILE * width)), row + HALF_TILE, grid, c, target, at);
      }
    }
    unpackRest(source, next, tiles * TILE, rows, grid, target, at);
  }

  /** Reads the codes of a channel in a tile. */
  static long get(byte[] source, int at, int width) {
    long codes = 0;
    for (int i = 0; i < width; i++) {
      codes |= (source[at + i] & 0xFFL) << (Byte.SIZE * i);
    }
    return codes;
  }

  /** Writes what the codes of a channel in half a tile mean. */
  static void values(int codes, int row, ChannelGrid grid, int c, float[] target, int[] at) {
    int left = codes;
    for (int i = row; i < row + HALF_TILE; i++) {
      target[at[i] + c] = grid.value(c, left & ((1 << grid.bits[c]) - 1));
      left >>>= grid.bits[c];
    }
  }

  static void unpackRest(
      byte[] source, int from, int row, int rows, ChannelGrid grid, float[] target, int[] at) {
    int next = from;
    int held = 0;
    int filled = 0;
    for (int c = 0; c < grid.channels(); c++) {
      int width = grid.bits[c];
      for (int i = row; i < rows; i++) {
        while (filled < width) {
          held |= (source[next++] & 0xFF) << filled;
          filled += Byte.SIZE;
        }
        target[at[i] + c] = grid.value(c, held & ((1 << width) - 1));
        held >>>= width;
        filled -= width;
      }
    }
  }

  @Override
  public void slopes(
      float[] source,
      int[] at,
      float[] gradients,
      int[] gradientsAt,
      int rows,
      ChannelGrid coarse,
      ChannelGrid fine,
      float[] slopes) {
    slopes(source, at, gradients, gradientsAt, rows, 0, coarse, fine, slopes);
  }

  static void slopes(
      float[] source,
      int[] at,
      float[] gradients,
      int[] gradientsAt,
      int rows,
      int from,
      ChannelGrid coarse,
      ChannelGrid fine,
      float[] slopes) {
    for (int i = 0; i < rows; i++) {
      for (int c = from; c < slopes.length; c++) {
        float x = source[at[i] + c];
        float above = fine.value(c, code(fine, c, x, 0f));
        float below = coarse.value(c, code(coarse, c, x, 0f));
        slopes[c] = Math.fma(gradients[gradientsAt[i] + c], above - below, slopes[c]);
      }
    }
  }
}
