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

/** The passes by the Vector API: a lane is a channel, and rows come one after the other. */
final class ChannelSimdKernel implements ChannelKernel {
  private static final VectorSpecies<Byte> WORDS = VectorSpecies.of(byte.class, INTS.vectorShape());

  private final ChannelScalarKernel rest = new ChannelScalarKernel();

  @Override
  public void measure(float[] source, int[] at, int rows, ChannelMoments moments) {
    moments.begin(source, rows == 0 ? 0 : at[0], rows);
    int whole = moments.channels() - moments.channels() % LANES;
    for (int i = 0; i < rows; i++) {
      for (int c = 0; c < whole; c += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, at[i] + c);
        FloatVector off = x.sub(FloatVector.fromArray(FLOATS, moments.first, c));
        FloatVector.fromArray(FLOATS, moments.least, c).min(x).intoArray(moments.least, c);
        FloatVector.fromArray(FLOATS, moments.largest, c).max(x).intoArray(moments.largest, c);
        FloatVector.fromArray(FLOATS, moments.sums, c).add(off).intoArray(moments.sums, c);
        off.fma(off, FloatVector.fromArray(FLOATS, moments.squares, c))
            .intoArray(moments.squares, c);
      }
      ChannelScalarKernel.measure(source, at[i], whole, moments);
    }
  }

  @Override
  public void pack(
      float[] source, int[] at, int rows, ChannelGrid grid, int noise, byte[] target, int to) {
    int tiles = rows / TILE;
    for (int tile = 0; tile < tiles; tile++) {
      int out = to + tile * grid.tileLength();
      int row = tile * TILE;
      for (int w = ChannelGrid.LEAST_BITS; w <= ChannelGrid.MOST_BITS; w++) {
        int j = grid.groups[w];
        int end = grid.groups[w + 1];
        if (noise == TO_NEAREST) {
          for (; j + LANES <= end; j += LANES) {
            packLanes(source, at, row, grid, j, target, out);
          }
        } else {
          for (; j + LANES <= end; j += LANES) {
            packLanes(source, at, row, grid, j, noise, target, out);
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

  private static void packLanes(
      float[] source, int[] at, int row, ChannelGrid grid, int j, byte[] target, int out) {
    FloatVector offset = FloatVector.fromArray(FLOATS, grid.offsets, j);
    FloatVector reciprocal = FloatVector.fromArray(FLOATS, grid.reciprocals, j);
    FloatVector top = FloatVector.fromArray(FLOATS, grid.tops, j);
    int[] order = grid.order;
    boolean direct = order[j + LANES - 1] - order[j] == LANES - 1;
    int width = grid.bits[j];
    int stride = ChannelScalarKernel.wordStride(grid, width);
    int word = out + ChannelScalarKernel.wordOf(grid, j);
    IntVector held = IntVector.zero(INTS);
    int filled = 0;
    for (int i = row; i < row + TILE; i++) {
      FloatVector x =
          direct
              ? FloatVector.fromArray(FLOATS, source, at[i] + order[j])
              : FloatVector.fromArray(FLOATS, source, at[i], order, j);
      FloatVector clipped = x.sub(offset).mul(reciprocal).max(0f).min(top);
      IntVector code = clipped.add(ROUNDER).reinterpretAsInts().sub(ROUNDER_BITS);
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
      float[] source,
      int[] at,
      int row,
      ChannelGrid grid,
      int j,
      int noise,
      byte[] target,
      int out) {
    FloatVector offset = FloatVector.fromArray(FLOATS, grid.offsets, j);
    FloatVector reciprocal = FloatVector.fromArray(FLOATS, grid.reciprocals, j);
    FloatVector top = FloatVector.fromArray(FLOATS, grid.tops, j);
    IntVector most = IntVector.broadcast(INTS, (int) grid.tops[j]);
    int[] order = grid.order;
    boolean direct = order[j + LANES - 1] - order[j] == LANES - 1;
    IntVector channel = IntVector.fromArray(INTS, order, j).mul(CHANNEL_STEP);
    int width = grid.bits[j];
    int stride = ChannelScalarKernel.wordStride(grid, width);
    int word = out + ChannelScalarKernel.wordOf(grid, j);
    IntVector held = IntVector.zero(INTS);
    int filled = 0;
    for (int i = row; i < row + TILE; i++) {
      IntVector mixed = channel.lanewise(VectorOperators.XOR, noise + i * ROW_STEP);
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
      FloatVector x =
          direct
              ? FloatVector.fromArray(FLOATS, source, at[i] + order[j])
              : FloatVector.fromArray(FLOATS, source, at[i], order, j);
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
    int channels = grid.channels();
    boolean direct = grid.isInOrder();
    if (!direct && grid.stage.length < TILE * channels) {
      grid.stage = new float[TILE * channels];
    }
    int tiles = rows / TILE;
    for (int tile = 0; tile < tiles; tile++) {
      int in = from + tile * grid.tileLength();
      int row = tile * TILE;
      for (int w = ChannelGrid.LEAST_BITS; w <= ChannelGrid.MOST_BITS; w++) {
        int j = grid.groups[w];
        int end = grid.groups[w + 1];
        for (; j + LANES <= end; j += LANES) {
          if (direct) {
            unpackLanes(source, in, grid, j, target, at, row);
          } else {
            unpackLanes(source, in, grid, j);
          }
        }
        for (; j < end; j++) {
          ChannelScalarKernel.unpackTile(source, in, row, grid, j, target, at);
          for (int i = 0; !direct && i < TILE; i++) {
            grid.stage[i * channels + j] = target[at[row + i] + grid.order[j]];
          }
        }
      }
      if (!direct) {
        sort(grid, target, at, row);
      }
    }
    ChannelScalarKernel.unpackRest(
        source, from + tiles * grid.tileLength(), tiles * TILE, rows, grid, target, at);
  }

  /** Where all channels have one width, so that they are in order. */
  private static void unpackLanes(
      byte[] source, int in, ChannelGrid grid, int j, float[] target, int[] at, int row) {
    FloatVector offset = FloatVector.fromArray(FLOATS, grid.offsets, j);
    FloatVector step = FloatVector.fromArray(FLOATS, grid.steps, j);
    int width = grid.bits[j];
    int mask = (1 << width) - 1;
    int stride = ChannelScalarKernel.wordStride(grid, width);
    int word = in + ChannelScalarKernel.wordOf(grid, j);
    IntVector held = ByteVector.fromArray(WORDS, source, word).reinterpretAsInts();
    int used = 0;
    for (int i = row; i < row + TILE; i++) {
      IntVector code = held.lanewise(VectorOperators.LSHR, used);
      used += width;
      if (used >= Integer.SIZE && i < row + TILE - 1) {
        word += stride;
        used -= Integer.SIZE;
        held = ByteVector.fromArray(WORDS, source, word).reinterpretAsInts();
        if (used > 0) {
          code = code.or(held.lanewise(VectorOperators.LSHL, width - used));
        }
      }
      ((FloatVector) code.and(mask).convertShape(VectorOperators.I2F, FLOATS, 0))
          .fma(step, offset)
          .intoArray(target, at[i] + j);
    }
  }

  private static void unpackLanes(byte[] source, int in, ChannelGrid grid, int j) {
    FloatVector offset = FloatVector.fromArray(FLOATS, grid.offsets, j);
    FloatVector step = FloatVector.fromArray(FLOATS, grid.steps, j);
    float[] stage = grid.stage;
    int channels = grid.channels();
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
          .intoArray(stage, i * channels + j);
    }
  }

  /** Takes a tile from the order of widths to the channels' own. */
  private static void sort(ChannelGrid grid, float[] target, int[] at, int row) {
    int channels = grid.channels();
    int whole = channels - channels % LANES;
    float[] stage = grid.stage;
    int[] place = grid.place;
    for (int i = 0; i < TILE; i++) {
      for (int c = 0; c < whole; c += LANES) {
        FloatVector.fromArray(FLOATS, stage, i * channels, place, c)
            .intoArray(target, at[row + i] + c);
      }
      for (int c = whole; c < channels; c++) {
        target[at[row + i] + c] = stage[i * channels + place[c]];
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
    int whole = slopes.length - slopes.length % LANES;
    for (int c = 0; c < whole; c += LANES) {
      slopeLanes(source, at, gradients, gradientsAt, rows, coarse, fine, slopes, c);
    }
    for (int i = 0; i < rows; i++) {
      ChannelScalarKernel.slopes(
          source, at[i], gradients, gradientsAt[i], whole, coarse, fine, slopes);
    }
  }

  private static void slopeLanes(
      float[] source,
      int[] at,
      float[] gradients,
      int[] gradientsAt,
      int rows,
      ChannelGrid coarse,
      ChannelGrid fine,
      float[] slopes,
      int c) {
    FloatVector coarseOffset = FloatVector.fromArray(FLOATS, coarse.offsets, 0, coarse.place, c);
    FloatVector coarseStep = FloatVector.fromArray(FLOATS, coarse.steps, 0, coarse.place, c);
    FloatVector coarseReciprocal =
        FloatVector.fromArray(FLOATS, coarse.reciprocals, 0, coarse.place, c);
    FloatVector coarseTop = FloatVector.fromArray(FLOATS, coarse.tops, 0, coarse.place, c);
    FloatVector fineOffset = FloatVector.fromArray(FLOATS, fine.offsets, 0, fine.place, c);
    FloatVector fineStep = FloatVector.fromArray(FLOATS, fine.steps, 0, fine.place, c);
    FloatVector fineReciprocal = FloatVector.fromArray(FLOATS, fine.reciprocals, 0, fine.place, c);
    FloatVector fineTop = FloatVector.fromArray(FLOATS, fine.tops, 0, fine.place, c);
    FloatVector sum = FloatVector.fromArray(FLOATS, slopes, c);
    for (int i = 0; i < rows; i++) {
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
