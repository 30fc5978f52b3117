package io.tributary.codecs.channelwise;

import static io.tributary.codecs.channelwise.ChannelGrid.TILE;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The definition: the other kernel is tested against this class. */
public final class ChannelScalarKernel implements ChannelKernel {
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Steps between the seeds of neighbouring rows and channels, odd numbers without a pattern. */
  static final int ROW_STEP = 0x85EB_CA6B;

  static final int CHANNEL_STEP = 0x9E37_79B9;

  @Override
  public void measure(float[] source, int[] at, int rows, ChannelMoments moments) {
    moments.begin(source, rows == 0 ? 0 : at[0], rows);
    for (int i = 0; i < rows; i++) {
      measure(source, at[i], 0, moments.channels(), moments);
    }
  }

  static void measure(float[] source, int at, int from, int end, ChannelMoments moments) {
    for (int c = from; c < end; c++) {
      float x = source[at + c];
      float off = x - moments.first[c];
      moments.least[c] = Math.min(moments.least[c], x);
      moments.largest[c] = Math.max(moments.largest[c], x);
      moments.sums[c] += off;
      moments.squares[c] = Math.fma(off, off, moments.squares[c]);
    }
  }

  /** Added to a small number, it leaves no fraction bits in the sum, which is so rounded. */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  /** The code of a value by the j-th channel of a grid's order. */
  static int code(ChannelGrid grid, int j, float x, float added) {
    float scaled = (x - grid.offsets[j]) * grid.reciprocals[j];
    float clipped = Math.min(Math.max(scaled, 0f), grid.tops[j]);
    int code = Float.floatToRawIntBits(clipped + added + ROUNDER) - ROUNDER_BITS;
    return Math.min(code, (int) grid.tops[j]);
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
    for (int tile = 0; tile < tiles; tile++) {
      int out = to + tile * grid.tileLength();
      for (int j = 0; j < grid.channels(); j++) {
        packTile(source, at, tile * TILE, grid, j, noise, target, out);
      }
    }
    packRest(source, at, tiles * TILE, rows, grid, noise, target, to + tiles * grid.tileLength());
  }

  /** Where the first word of the j-th channel lies in a tile. */
  static int wordOf(ChannelGrid grid, int j) {
    int at = 0;
    for (int w = ChannelGrid.LEAST_BITS; w < grid.bits[j]; w++) {
      at += (grid.groups[w + 1] - grid.groups[w]) * w * Integer.BYTES;
    }
    return at + (j - grid.groups[grid.bits[j]]) * Integer.BYTES;
  }

  /** The bytes between one word of a channel and its next. */
  static int wordStride(ChannelGrid grid, int width) {
    return (grid.groups[width + 1] - grid.groups[width]) * Integer.BYTES;
  }

  static void packTile(
      float[] source,
      int[] at,
      int row,
      ChannelGrid grid,
      int j,
      int noise,
      byte[] target,
      int out) {
    int word = out + wordOf(grid, j);
    int stride = wordStride(grid, grid.bits[j]);
    int channel = grid.order[j];
    long held = 0;
    int filled = 0;
    for (int i = row; i < row + TILE; i++) {
      long code = code(grid, j, source[at[i] + channel], added(noise, i, channel));
      held |= code << filled;
      filled += grid.bits[j];
      if (filled >= Integer.SIZE) {
        INT.set(target, word, (int) held);
        word += stride;
        held >>>= Integer.SIZE;
        filled -= Integer.SIZE;
      }
    }
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
    for (int j = 0; j < grid.channels(); j++) {
      int channel = grid.order[j];
      for (int i = row; i < rows; i++) {
        held |= code(grid, j, source[at[i] + channel], added(noise, i, channel)) << filled;
        filled += grid.bits[j];
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
    for (int tile = 0; tile < tiles; tile++) {
      int in = from + tile * grid.tileLength();
      for (int j = 0; j < grid.channels(); j++) {
        unpackTile(source, in, tile * TILE, grid, j, target, at);
      }
    }
    unpackRest(source, from + tiles * grid.tileLength(), tiles * TILE, rows, grid, target, at);
  }

  static void unpackTile(
      byte[] source, int in, int row, ChannelGrid grid, int j, float[] target, int[] at) {
    int width = grid.bits[j];
    int word = in + wordOf(grid, j);
    int stride = wordStride(grid, width);
    int channel = grid.order[j];
    long held = 0;
    int filled = 0;
    for (int i = row; i < row + TILE; i++) {
      if (filled < width) {
        held |= ((int) INT.get(source, word) & 0xFFFF_FFFFL) << filled;
        word += stride;
        filled += Integer.SIZE;
      }
      target[at[i] + channel] = value(grid, j, (int) held & ((1 << width) - 1));
      held >>>= width;
      filled -= width;
    }
  }

  static float value(ChannelGrid grid, int j, int code) {
    return Math.fma((float) code, grid.steps[j], grid.offsets[j]);
  }

  static void unpackRest(
      byte[] source, int from, int row, int rows, ChannelGrid grid, float[] target, int[] at) {
    int next = from;
    int held = 0;
    int filled = 0;
    for (int j = 0; j < grid.channels(); j++) {
      int width = grid.bits[j];
      for (int i = row; i < rows; i++) {
        while (filled < width) {
          held |= (source[next++] & 0xFF) << filled;
          filled += Byte.SIZE;
        }
        target[at[i] + grid.order[j]] = value(grid, j, held & ((1 << width) - 1));
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
    for (int i = 0; i < rows; i++) {
      slopes(source, at[i], gradients, gradientsAt[i], 0, slopes.length, coarse, fine, slopes);
    }
  }

  static void slopes(
      float[] source,
      int at,
      float[] gradients,
      int gradientsAt,
      int from,
      int end,
      ChannelGrid coarse,
      ChannelGrid fine,
      float[] slopes) {
    for (int c = from; c < end; c++) {
      float x = source[at + c];
      int j = coarse.place[c];
      int k = fine.place[c];
      float above = value(fine, k, code(fine, k, x, 0f));
      float below = value(coarse, j, code(coarse, j, x, 0f));
      slopes[c] = Math.fma(gradients[gradientsAt + c], above - below, slopes[c]);
    }
  }
}
