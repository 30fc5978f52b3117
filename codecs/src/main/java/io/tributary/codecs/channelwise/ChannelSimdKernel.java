package io.tributary.codecs.channelwise;

import static io.tributary.codecs.channelwise.ChannelGrid.HALF_TILE;
import static io.tributary.codecs.channelwise.ChannelGrid.TILE;
import static io.tributary.codecs.channelwise.ChannelScalarKernel.CHANNEL_STEP;
import static io.tributary.codecs.channelwise.ChannelScalarKernel.ROUNDER;
import static io.tributary.codecs.channelwise.ChannelScalarKernel.ROUNDER_BITS;
import static io.tributary.codecs.channelwise.ChannelScalarKernel.ROW_STEP;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The passes by the Vector API: a lane is a channel, and rows come one after the other.
 *
 * <p>Rows of many channels lie a multiple of 4 KiB apart, so that one channel of all rows falls
 * into few sets of a cache. Passes therefore go along the rows, a few at a time. Lanes shift by the
 * widths of their channels, and what they hold in the end, half a tile of a channel in each, goes
 * to its bytes by itself: a few instructions for eight values.
 */
final class ChannelSimdKernel implements ChannelKernel {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * Rows whose values of a channel are measured together: as many as a set of a cache has places.
   */
  private static final int MEASURED_TOGETHER = 8;

  /** Rows whose slopes are summed together; there are two arrays of them. */
  private static final int SUMMED_TOGETHER = 4;

  private static int wholeLanes(int channels) {
    return channels - channels % LANES;
  }

  @Override
  public void measure(float[] source, int[] at, int rows, ChannelMoments moments) {
    moments.begin(source, rows == 0 ? 0 : at[0], rows);
    int whole = wholeLanes(moments.channels());
    for (int i = 0; i < rows; i += MEASURED_TOGETHER) {
      int end = Math.min(rows, i + MEASURED_TOGETHER);
      for (int c = 0; c < whole; c += LANES) {
        measureLanes(source, at, i, end, moments, c);
      }
    }
    ChannelScalarKernel.measure(source, at, rows, whole, moments);
  }

  private static void measureLanes(
      float[] source, int[] at, int row, int end, ChannelMoments moments, int c) {
    FloatVector first = FloatVector.fromArray(FLOATS, moments.first, c);
    IntVector least = sortable(FloatVector.fromArray(FLOATS, moments.least, c).reinterpretAsInts());
    IntVector largest =
        sortable(FloatVector.fromArray(FLOATS, moments.largest, c).reinterpretAsInts());
    FloatVector sum = FloatVector.fromArray(FLOATS, moments.sums, c);
    FloatVector squares = FloatVector.fromArray(FLOATS, moments.squares, c);
    for (int i = row; i < end; i++) {
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
      int row = tile * TILE;
      codes(source, at, row, grid, noise, grid.firstCodes);
      codes(source, at, row + HALF_TILE, grid, noise, grid.lastCodes);
      join(grid, target, to + tile * grid.tileLength());
    }
    ChannelScalarKernel.packRest(
        source, at, tiles * TILE, rows, grid, noise, target, to + tiles * grid.tileLength());
  }

  /** The codes of half a tile. */
  private static void codes(
      float[] source, int[] at, int row, ChannelGrid grid, int noise, int[] codes) {
    int whole = wholeLanes(codes.length);
    if (noise == TO_NEAREST) {
      nearestCodes(source, at, row, grid, whole, codes);
    } else {
      randomCodes(source, at, row, grid, noise, whole, codes);
    }
    for (int c = whole; c < codes.length; c++) {
      codes[c] = ChannelScalarKernel.codes(source, at, row, grid, c, noise);
    }
  }

  private static void nearestCodes(
      float[] source, int[] at, int row, ChannelGrid grid, int end, int[] codes) {
    for (int c = 0; c < end; c += LANES) {
      FloatVector offset = FloatVector.fromArray(FLOATS, grid.offsets, c);
      FloatVector reciprocal = FloatVector.fromArray(FLOATS, grid.reciprocals, c);
      IntVector most = FloatVector.fromArray(FLOATS, grid.tops, c).add(ROUNDER).reinterpretAsInts();
      IntVector width = IntVector.fromArray(INTS, grid.bits, c);
      IntVector held = IntVector.zero(INTS);
      for (int i = HALF_TILE - 1; i >= 0; i--) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, at[row + i] + c);
        // Clipped as ints, since no sum here is NaN, see sortable.
        IntVector code =
            x.sub(offset)
                .mul(reciprocal)
                .add(ROUNDER)
                .reinterpretAsInts()
                .max(ROUNDER_BITS)
                .min(most)
                .sub(ROUNDER_BITS);
        held = held.lanewise(VectorOperators.LSHL, width).or(code);
      }
      held.intoArray(codes, c);
    }
  }

  private static void randomCodes(
      float[] source, int[] at, int row, ChannelGrid grid, int noise, int end, int[] codes) {
    for (int c = 0; c < end; c += LANES) {
      FloatVector offset = FloatVector.fromArray(FLOATS, grid.offsets, c);
      FloatVector reciprocal = FloatVector.fromArray(FLOATS, grid.reciprocals, c);
      FloatVector top = FloatVector.fromArray(FLOATS, grid.tops, c);
      IntVector most = top.add(ROUNDER).reinterpretAsInts();
      IntVector width = IntVector.fromArray(INTS, grid.bits, c);
      IntVector channel = IntVector.broadcast(INTS, c).addIndex(1).mul(CHANNEL_STEP);
      IntVector held = IntVector.zero(INTS);
      for (int i = HALF_TILE - 1; i >= 0; i--) {
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
        FloatVector x = FloatVector.fromArray(FLOATS, source, at[row + i] + c);
        FloatVector clipped =
            x.sub(offset)
                .mul(reciprocal)
                .reinterpretAsInts()
                .max(0)
                .min(top.reinterpretAsInts())
                .reinterpretAsFloats();
        IntVector code =
            clipped.add(added).add(ROUNDER).reinterpretAsInts().min(most).sub(ROUNDER_BITS);
        held = held.lanewise(VectorOperators.LSHL, width).or(code);
      }
      held.intoArray(codes, c);
    }
  }

  /** Writes a tile by eight bytes a channel, of which the next channel's overwrite some. */
  private static void join(ChannelGrid grid, byte[] target, int at) {
    int[] first = grid.firstCodes;
    int[] last = grid.lastCodes;
    int[] bits = grid.bits;
    int end = at + grid.tileLength();
    int next = at;
    int c = 0;
    for (; c < bits.length && next + Long.BYTES <= end; c++) {
      int width = bits[c];
      LONG.set(target, next, ChannelScalarKernel.join(first[c], last[c], width));
      next += width;
    }
    for (; c < bits.length; c++) {
      ChannelScalarKernel.put(first[c], last[c], bits[c], target, next);
      next += bits[c];
    }
  }

  @Override
  public void unpack(
      byte[] source, int from, int rows, ChannelGrid grid, float[] target, int[] at) {
    int tiles = rows / TILE;
    for (int tile = 0; tile < tiles; tile++) {
      int row = tile * TILE;
      split(grid, source, from + tile * grid.tileLength());
      values(grid.firstCodes, row, grid, target, at);
      values(grid.lastCodes, row + HALF_TILE, grid, target, at);
    }
    ChannelScalarKernel.unpackRest(
        source, from + tiles * grid.tileLength(), tiles * TILE, rows, grid, target, at);
  }

  private static void split(ChannelGrid grid, byte[] source, int at) {
    int[] first = grid.firstCodes;
    int[] last = grid.lastCodes;
    int[] bits = grid.bits;
    int end = at + grid.tileLength();
    int next = at;
    int c = 0;
    for (; c < bits.length && next + Long.BYTES <= end; c++) {
      int width = bits[c];
      long codes = (long) LONG.get(source, next);
      first[c] = (int) codes;
      last[c] = (int) (codes >>> (HALF_TILE * width));
      next += width;
    }
    for (; c < bits.length; c++) {
      long codes = ChannelScalarKernel.get(source, next, bits[c]);
      first[c] = (int) codes;
      last[c] = (int) (codes >>> (HALF_TILE * bits[c]));
      next += bits[c];
    }
  }

  /** Writes what the codes of half a tile mean. */
  private static void values(int[] codes, int row, ChannelGrid grid, float[] target, int[] at) {
    int whole = wholeLanes(codes.length);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector offset = FloatVector.fromArray(FLOATS, grid.offsets, c);
      FloatVector step = FloatVector.fromArray(FLOATS, grid.steps, c);
      IntVector width = IntVector.fromArray(INTS, grid.bits, c);
      IntVector mask = IntVector.broadcast(INTS, 1).lanewise(VectorOperators.LSHL, width).sub(1);
      IntVector left = IntVector.fromArray(INTS, codes, c);
      for (int i = 0; i < HALF_TILE; i++) {
        ((FloatVector) left.and(mask).convertShape(VectorOperators.I2F, FLOATS, 0))
            .fma(step, offset)
            .intoArray(target, at[row + i] + c);
        left = left.lanewise(VectorOperators.LSHR, width);
      }
    }
    for (int c = whole; c < codes.length; c++) {
      ChannelScalarKernel.values(codes[c], row, grid, c, target, at);
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
    int whole = wholeLanes(slopes.length);
    for (int i = 0; i < rows; i += SUMMED_TOGETHER) {
      int end = Math.min(rows, i + SUMMED_TOGETHER);
      for (int c = 0; c < whole; c += LANES) {
        slopeLanes(source, at, gradients, gradientsAt, i, end, coarse, fine, slopes, c);
      }
    }
    ChannelScalarKernel.slopes(
        source, at, gradients, gradientsAt, rows, whole, coarse, fine, slopes);
  }

  private static void slopeLanes(
      float[] source,
      int[] at,
      float[] gradients,
      int[] gradientsAt,
      int row,
      int end,
      ChannelGrid coarse,
      ChannelGrid fine,
      float[] slopes,
      int c) {
    FloatVector coarseOffset = FloatVector.fromArray(FLOATS, coarse.offsets, c);
    FloatVector coarseStep = FloatVector.fromArray(FLOATS, coarse.steps, c);
    FloatVector coarseReciprocal = FloatVector.fromArray(FLOATS, coarse.reciprocals, c);
    IntVector coarseMost =
        FloatVector.fromArray(FLOATS, coarse.tops, c).add(ROUNDER).reinterpretAsInts();
    FloatVector fineOffset = FloatVector.fromArray(FLOATS, fine.offsets, c);
    FloatVector fineStep = FloatVector.fromArray(FLOATS, fine.steps, c);
    FloatVector fineReciprocal = FloatVector.fromArray(FLOATS, fine.reciprocals, c);
    IntVector fineMost =
        FloatVector.fromArray(FLOATS, fine.tops, c).add(ROUNDER).reinterpretAsInts();
    FloatVector sum = FloatVector.fromArray(FLOATS, slopes, c);
    for (int i = row; i < end; i++) {
      FloatVector x = FloatVector.fromArray(FLOATS, source, at[i] + c);
      FloatVector above =
          x.sub(fineOffset)
              .mul(fineReciprocal)
              .add(ROUNDER)
              .reinterpretAsInts()
              .max(ROUNDER_BITS)
              .min(fineMost)
              .reinterpretAsFloats()
              .sub(ROUNDER)
              .fma(fineStep, fineOffset);
      FloatVector below =
          x.sub(coarseOffset)
              .mul(coarseReciprocal)
              .add(ROUNDER)
              .reinterpretAsInts()
              .max(ROUNDER_BITS)
              .min(coarseMost)
              .reinterpretAsFloats()
              .sub(ROUNDER)
              .fma(coarseStep, coarseOffset);
      sum = FloatVector.fromArray(FLOATS, gradients, gradientsAt[i] + c).fma(above.sub(below), sum);
    }
    sum.intoArray(slopes, c);
  }
}
