package io.tributary.codecs.channelwise;

import static io.tributary.codecs.channelwise.ChannelGrid.TILE;
import static io.tributary.codecs.channelwise.ChannelScalarKernel.CHANNEL_STEP;
import static io.tributary.codecs.channelwise.ChannelScalarKernel.ROUNDER;
import static io.tributary.codecs.channelwise.ChannelScalarKernel.ROUNDER_BITS;
import static io.tributary.codecs.channelwise.ChannelScalarKernel.ROW_STEP;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The passes by the Vector API: a lane is a channel, and rows come one after the other.
 *
 * <p>Rows of many channels lie a multiple of 4 KiB apart, so that one channel of all rows falls
 * into few sets of a cache. Passes over the caller's arrays therefore go along the rows, a few at a
 * time; what must go down the columns, packing and unpacking, does so in a copy of a tile whose
 * rows lie apart otherwise.
 */
final class ChannelSimdKernel implements ChannelKernel {
  private static final VectorSpecies<Byte> WORDS = VectorSpecies.of(byte.class, INTS.vectorShape());

  /** Rows whose values of a channel are taken together: fewer than a set of a cache has places. */
  private static final int TOGETHER = 4;

  @Override
  public void measure(float[] source, int[] at, int rows, ChannelMoments moments) {
    moments.begin(source, rows == 0 ? 0 : at[0], rows);
    int whole = moments.channels() - moments.channels() % LANES;
    int i = 0;
    for (; i + TOGETHER <= rows; i += TOGETHER) {
      for (int c = 0; c < whole; c += LANES) {
        measureLanes(source, at, i, moments, c);
      }
    }
    for (; i < rows; i++) {
      ChannelScalarKernel.measure(source, at[i], 0, whole, moments);
    }
    for (i = 0; i < rows; i++) {
      ChannelScalarKernel.measure(source, at[i], whole, moments.channels(), moments);
    }
  }

  private static void measureLanes(
      float[] source, int[] at, int row, ChannelMoments moments, int c) {
    FloatVector first = FloatVector.fromArray(FLOATS, moments.first, c);
    IntVector least = sortable(FloatVector.fromArray(FLOATS, moments.least, c).reinterpretAsInts());
    IntVector largest =
        sortable(FloatVector.fromArray(FLOATS, moments.largest, c).reinterpretAsInts());
    FloatVector sum = FloatVector.fromArray(FLOATS, moments.sums, c);
    FloatVector squares = FloatVector.fromArray(FLOATS, moments.squares, c);
    for (int i = row; i < row + TOGETHER; i++) {
      FloatVector x = FloatVector.fromArray(FLOATS, source, at[i] + c);
      IntVector key = sortable(x.reinterpretAsInts());
      FloatVector off = x.sub(first);
      least = least.min(key);
      largest = largest.max(key);
      sum = sum.add(off);
      squares = off.fma(off, squares);
    }
    sortable(least).reinterpretAsFloats().intoArray(moments.least, c);
    sortable(largest).reinterpretAsFloats().intoArray(moments.largest, c);
    sum.intoArray(moments.sums, c);
    squares.intoArray(moments.squares, c);
  }

  /**
   * Patterns of floats as ints in the same order, minus zero before zero, and the way back. The
   * Vector API's extremes of floats take twice as long, for the sake of NaN, which lies beyond the
   * infinities here and is refused as they are.
   */
  private static IntVector sortable(IntVector bits) {
    return bits.lanewise(
        VectorOperators.XOR,
        bits.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1));
  }

  @Override
  public void pack(
      float[] source, int[] at, int rows, ChannelGrid grid, int noise, byte[] target, int to) {
    int tiles = rows / TILE;
    for (int tile = 0; tile < tiles; tile++) {
      int out = to + tile * grid.tileLength();
      int row = tile * TILE;
      float[] stage = grid.stage();
      for (int i = 0; i < TILE; i++) {
        order(grid, source, at[row + i], stage, i * grid.stageStride());
      }
      for (int w = ChannelGrid.LEAST_BITS; w <= ChannelGrid.MOST_BITS; w++) {
        int j = grid.groups[w];
        int end = grid.groups[w + 1];
        if (noise == TO_NEAREST) {
          for (; j + LANES <= end; j += LANES) {
            packLanes(stage, grid, j, target, out);
          }
        } else {
          for (; j + LANES <= end; j += LANES) {
            packLanes(stage, row, grid, j, noise, target, out);
          }
        }
        for (; j < end; j++) {
          ChannelScalarKernel.packTile(source, at, row, grid, j, noise, target, out);
        }
      }
    }
    ChannelScalarKernel.packRest(
        source, at, tiles * TILE, rows, grid, noise, target, to + tiles * grid.tileLength());
  }

  /** Takes a row from the channels' own order to that of widths. */
  private static void order(ChannelGrid grid, float[] source, int from, float[] stage, int to) {
    int channels = grid.channels();
    if (grid.isInOrder()) {
      System.arraycopy(source, from, stage, to, channels);
      return;
    }
    int[] order = grid.order;
    for (int j = 0; j < channels; j++) {
      stage[to + j] = source[from + order[j]];
    }
  }

  private static void packLanes(float[] stage, ChannelGrid grid, int j, byte[] target, int out) {
    int rowStride = grid.stageStride();
    FloatVector offset = FloatVector.fromArray(FLOATS, grid.offsets, j);
    FloatVector reciprocal = FloatVector.fromArray(FLOATS, grid.reciprocals, j);
    int most = ROUNDER_BITS + (int) grid.tops[j];
    int width = grid.bits[j];
    int stride = ChannelScalarKernel.wordStride(grid, width);
    int word = out + ChannelScalarKernel.wordOf(grid, j);
    IntVector held = IntVector.zero(INTS);
    int filled = 0;
    for (int i = 0; i < TILE; i++) {
      FloatVector x = FloatVector.fromArray(FLOATS, stage, i * rowStride + j);
      // Clipped as ints, since no sum here is NaN, see sortable.
      IntVector code =
          x.sub(offset)
              .mul(reciprocal)
              .add(ROUNDER)
              .reinterpretAsInts()
              .max(ROUNDER_BITS)
              .min(most)
              .sub(ROUNDER_BITS);
      held = held.or(code.lanewise(VectorOperators.LSHL, filled));
      filled += width;
      if (filled >= Integer.SIZE) {
        held.reinterpretAsBytes().intoArray(target, word);
        word += stride;
        filled -= Integer.SIZE;
        held =
            filled == 0
                ? IntVector.zero(INTS)
                : code.lanewise(VectorOperators.LSHR, width - filled);
      }
    }
  }

  private static void packLanes(
      float[] stage, int row, ChannelGrid grid, int j, int noise, byte[] target, int out) {
    int rowStride = grid.stageStride();
    FloatVector offset = FloatVector.fromArray(FLOATS, grid.offsets, j);
    FloatVector reciprocal = FloatVector.fromArray(FLOATS, grid.reciprocals, j);
    FloatVector top = FloatVector.fromArray(FLOATS, grid.tops, j);
    IntVector most = IntVector.broadcast(INTS, (int) grid.tops[j]);
    IntVector channel = IntVector.fromArray(INTS, grid.order, j).mul(CHANNEL_STEP);
    int width = grid.bits[j];
    int stride = ChannelScalarKernel.wordStride(grid, width);
    int word = out + ChannelScalarKernel.wordOf(grid, j);
    IntVector held = IntVector.zero(INTS);
    int filled = 0;
    for (int i = 0; i < TILE; i++) {
      IntVector mixed = channel.lanewise(VectorOperators.XOR, noise + (row + i) * ROW_STEP);
      mixed =
          mixed
              .lanewise(VectorOperators.XOR, mixed.lanewise(VectorOperators.LSHR, 16))
              .mul(0x7FEB_352D);
      mixed =
          mixed
              .lanewise(VectorOperators.XOR, mixed.lanewise(VectorOperators.LSHR, 15))
              .mul(0x846C_A68B);
      mixed = mixed.lanewise(VectorOperators.XOR, mixed.lanewise(VectorOperators.LSHR, 16));
      FloatVector added =
          ((FloatVector)
                  mixed
                      .lanewise(VectorOperators.LSHR, 8)
                      .convertShape(VectorOperators.I2F, FLOATS, 0))
              .mul(0x1p-24f)
              .sub(0.5f);
      FloatVector x = FloatVector.fromArray(FLOATS, stage, i * rowStride + j);
      FloatVector clipped = x.sub(offset).mul(reciprocal).max(0f).min(top);
      IntVector code =
          clipped.add(added).add(ROUNDER).reinterpretAsInts().sub(ROUNDER_BITS).min(most);
      held = held.or(code.lanewise(VectorOperators.LSHL, filled));
      filled += width;
      if (filled >= Integer.SIZE) {
        held.reinterpretAsBytes().intoArray(target, word);
        word += stride;
        filled -= Integer.SIZE;
        held =
            filled == 0
                ? IntVector.zero(INTS)
                : code.lanewise(VectorOperators.LSHR, width - filled);
      }
    }
  }

  @Override
  public void unpack(
      byte[] source, int from, int rows, ChannelGrid grid, float[] target, int[] at) {
    int tiles = rows / TILE;
    for (int tile = 0; tile < tiles; tile++) {
      int in = from + tile * grid.tileLength();
      int row = tile * TILE;
      for (int w = ChannelGrid.LEAST_BITS; w <= ChannelGrid.MOST_BITS; w++) {
        int j = grid.groups[w];
        int end = grid.groups[w + 1];
        for (; j + LANES <= end; j += LANES) {
          unpackLanes(source, in, grid, j);
        }
        for (; j < end; j++) {
          ChannelScalarKernel.unpackTile(source, in, row, grid, j, target, at);
          for (int i = 0; i < TILE; i++) {
            grid.stage()[i * grid.stageStride() + j] = target[at[row + i] + grid.order[j]];
          }
        }
      }
      sort(grid, target, at, row);
    }
    ChannelScalarKernel.unpackRest(
        source, from + tiles * grid.tileLength(), tiles * TILE, rows, grid, target, at);
  }

  private static void unpackLanes(byte[] source, int in, ChannelGrid grid, int j) {
    FloatVector offset = FloatVector.fromArray(FLOATS, grid.offsets, j);
    FloatVector step = FloatVector.fromArray(FLOATS, grid.steps, j);
    float[] stage = grid.stage();
    int rowStride = grid.stageStride();
    int width = grid.bits[j];
    int mask = (1 << width) - 1;
    int stride = ChannelScalarKernel.wordStride(grid, width);
    int word = in + ChannelScalarKernel.wordOf(grid, j);
    IntVector held = ByteVector.fromArray(WORDS, source, word).reinterpretAsInts();
    int used = 0;
    for (int i = 0; i < TILE; i++) {
      IntVector code = held.lanewise(VectorOperators.LSHR, used);
      used += width;
      if (used >= Integer.SIZE && i < TILE - 1) {
        word += stride;
        used -= Integer.SIZE;
        held = ByteVector.fromArray(WORDS, source, word).reinterpretAsInts();
        if (used > 0) {
          code = code.or(held.lanewise(VectorOperators.LSHL, width - used));
        }
      }
      ((FloatVector) code.and(mask).convertShape(VectorOperators.I2F, FLOATS, 0))
          .fma(step, offset)
          .intoArray(stage, i * rowStride + j);
    }
  }

  /** Takes a tile from the order of widths to the channels' own. */
  private static void sort(ChannelGrid grid, float[] target, int[] at, int row) {
    int channels = grid.channels();
    float[] stage = grid.stage();
    int[] place = grid.place;
    for (int i = 0; i < TILE; i++) {
      int from = i * grid.stageStride();
      int to = at[row + i];
      if (grid.isInOrder()) {
        System.arraycopy(stage, from, target, to, channels);
        continue;
      }
      for (int c = 0; c < channels; c++) {
        target[to + c] = stage[from + place[c]];
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
    int channels = slopes.length;
    int whole = channels - channels % LANES;
    float[] below = coarse.inChannelOrder();
    float[] above = fine.inChannelOrder();
    int i = 0;
    for (; i + TOGETHER <= rows; i += TOGETHER) {
      for (int c = 0; c < whole; c += LANES) {
        slopeLanes(source, at, gradients, gradientsAt, i, below, above, slopes, c);
      }
    }
    for (; i < rows; i++) {
      ChannelScalarKernel.slopes(
          source, at[i], gradients, gradientsAt[i], 0, whole, coarse, fine, slopes);
    }
    for (i = 0; i < rows; i++) {
      ChannelScalarKernel.slopes(
          source, at[i], gradients, gradientsAt[i], whole, channels, coarse, fine, slopes);
    }
  }

  private static void slopeLanes(
      float[] source,
      int[] at,
      float[] gradients,
      int[] gradientsAt,
      int row,
      float[] coarse,
      float[] fine,
      float[] slopes,
      int c) {
    int channels = slopes.length;
    FloatVector coarseOffset = FloatVector.fromArray(FLOATS, coarse, c);
    FloatVector coarseStep = FloatVector.fromArray(FLOATS, coarse, channels + c);
    FloatVector coarseReciprocal = FloatVector.fromArray(FLOATS, coarse, 2 * channels + c);
    FloatVector coarseTop = FloatVector.fromArray(FLOATS, coarse, 3 * channels + c);
    FloatVector fineOffset = FloatVector.fromArray(FLOATS, fine, c);
    FloatVector fineStep = FloatVector.fromArray(FLOATS, fine, channels + c);
    FloatVector fineReciprocal = FloatVector.fromArray(FLOATS, fine, 2 * channels + c);
    FloatVector fineTop = FloatVector.fromArray(FLOATS, fine, 3 * channels + c);
    FloatVector sum = FloatVector.fromArray(FLOATS, slopes, c);
    for (int i = row; i < row + TOGETHER; i++) {
      FloatVector x = FloatVector.fromArray(FLOATS, source, at[i] + c);
      FloatVector above =
          x.sub(fineOffset)
              .mul(fineReciprocal)
              .max(0f)
              .min(fineTop)
              .add(ROUNDER)
              .sub(ROUNDER)
              .fma(fineStep, fineOffset);
      FloatVector below =
          x.sub(coarseOffset)
              .mul(coarseReciprocal)
              .max(0f)
              .min(coarseTop)
              .add(ROUNDER)
              .sub(ROUNDER)
              .fma(coarseStep, coarseOffset);
      sum = FloatVector.fromArray(FLOATS, gradients, gradientsAt[i] + c).fma(above.sub(below), sum);
    }
    sum.intoArray(slopes, c);
  }
}
