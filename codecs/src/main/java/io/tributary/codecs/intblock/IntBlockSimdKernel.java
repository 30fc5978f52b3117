package io.tributary.codecs.intblock;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.HALF;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
import static io.tributary.codecs.intblock.IntBlockFormat.ROUNDER;
import static io.tributary.codecs.internal.SimdLanes.BYTES;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.FOUR;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import io.tributary.codecs.block.BlockLayout;
import io.tributary.codecs.block.BlockScale;
import io.tributary.codecs.block.BlockScaleSimdKernel;
import io.tributary.codecs.block.BlockSimdKernel;
import io.tributary.codecs.internal.SimdLanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * intblock by the Vector API: between values and bytes by vectors, between bytes and planes by
 * {@link IntBlockPlanes}. The bytes of a tile belong to the calling thread.
 */
final class IntBlockSimdKernel extends BlockSimdKernel implements IntBlockKernel {
  private static final int TILE_GROUPS = BlockScaleSimdKernel.TILE / GROUP;
  private static final int MAGNITUDE = 0x7FFF_FFFF;

  /** The pattern of 8. */
  private static final int EIGHT = 0x4100_0000;

  /** Added to a whole number below 2^23, it leaves the number in the low bits of the sum. */
  private static final float TO_LOW_BITS = 0x1p23f;

  private static final ThreadLocal<byte[]> CODES =
      ThreadLocal.withInitial(() -> new byte[BlockScaleSimdKernel.TILE]);

  private final IntBlockPlanes planes;
  private final BlockLayout layout;
  private final boolean twoBits;
  private final float rounder;

  IntBlockSimdKernel(IntBlockFormat format) {
    super(format.layout(), new IntBlockScalarKernel(format));
    layout = format.layout();
    planes = new IntBlockPlanes(format);
    twoBits = format.bits() == 2;
    rounder = format.rounder();
  }

  @Override
  protected void encodeGroups(
      float[] source, int from, int groups, int shift, byte[] target, int scalesAt, int codesAt) {
    byte[] codes = CODES.get();
    if (twoBits) {
      refineScales(source, from, groups >>> shift, GROUP << shift, target, scalesAt);
      quantizeToTwoBits(source, from, 2 * groups, shift + 1, target, scalesAt, codes);
    } else {
      quantize(source, from, groups, shift, target, scalesAt, codes);
    }
    planes.pack(codes, groups, target, codesAt);
  }

  @Override
  protected void encodeHalves(
      float[] source, int from, int groups, byte[] target, int scalesAt, int codesAt) {
    byte[] codes = CODES.get();
    if (twoBits) {
      refineScales(source, from, 2 * groups, HALF, target, scalesAt);
      quantizeToTwoBits(source, from, 2 * groups, 0, target, scalesAt, codes);
    } else {
      quantizeHalves(source, from, groups, target, scalesAt, codes);
    }
    planes.pack(codes, groups, target, codesAt);
  }

  private static void refineScales(
      float[] source, int from, int blocks, int block, byte[] target, int scalesAt) {
    for (int i = 0; i < blocks; i++) {
      int at = scalesAt + SCALE_BYTES * i;
      int ruler = BlockScale.get(target, at);
      int squares = 0;
      for (int j = from + block * i; j < from + block * (i + 1); j += HALF) {
        FloatVector factor = FloatVector.broadcast(FLOATS, BlockScale.reciprocal(ruler));
        FloatVector rounding = FloatVector.broadcast(FLOATS, ROUNDER);
        FloatVector sum = FloatVector.broadcast(FLOATS, TO_LOW_BITS);
        for (int k = 0; k < HALF; k += LANES) {
          FloatVector x = FloatVector.fromArray(FLOATS, source, j + k);
          FloatVector code = x.fma(factor, rounding).sub(rounding);
          sum = code.fma(code, sum);
        }
        IntVector whole = sum.reinterpretAsInts().and(0x7F_FFFF);
        squares += whole.reduceLanes(VectorOperators.ADD);
      }
      BlockScale.put(target, at, Int2Scale.of(ruler, squares, block));
    }
  }

  private static void quantizeToTwoBits(
      float[] source, int from, int halves, int shift, byte[] target, int scalesAt, byte[] codes) {
    for (int i = 0; i < halves; i++) {
      FloatVector factor = reciprocal(target, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < HALF; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + HALF * i + j);
        // Adding zero makes minus zero plus zero.
        IntVector y = x.mul(factor).add(0f).reinterpretAsInts();
        IntVector inner = y.and(MAGNITUDE).sub(EIGHT).lanewise(VectorOperators.ASHR, 31);
        IntVector outer = inner.add(1);
        IntVector code = outer.lanewise(VectorOperators.XOR, y.lanewise(VectorOperators.ASHR, 31));
        int at = HALF * i + j;
        if (FOUR) {
          SimdLanes.putFourBytes(code, codes, at);
        } else {
          ((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(codes, at);
        }
      }
    }
  }

  private void quantize(
      float[] source, int from, int groups, int shift, byte[] target, int scalesAt, byte[] codes) {
    FloatVector rounding = FloatVector.broadcast(FLOATS, rounder);
    for (int i = 0; i < groups; i++) {
      FloatVector factor = reciprocal(target, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < GROUP; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + GROUP * i + j);
        IntVector code = x.fma(factor, rounding).reinterpretAsInts();
        int at = GROUP * i + j;
        if (FOUR) {
          SimdLanes.putFourBytes(code, codes, at);
        } else {
          ((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(codes, at);
        }
      }
    }
  }

  private void quantizeHalves(
      float[] source, int from, int groups, byte[] target, int scalesAt, byte[] codes) {
    FloatVector rounding = FloatVector.broadcast(FLOATS, rounder);
    for (int i = 0; i < 2 * groups; i++) {
      FloatVector factor = reciprocal(target, scalesAt + SCALE_BYTES * i);
      for (int j = 0; j < HALF; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + HALF * i + j);
        IntVector code = x.fma(factor, rounding).reinterpretAsInts();
        int at = HALF * i + j;
        if (FOUR) {
          SimdLanes.putFourBytes(code, codes, at);
        } else {
          ((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(codes, at);
        }
      }
    }
  }

  @Override
  protected void decodeGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from) {
    byte[] codes = CODES.get();
    for (int tile = 0; tile < groups; tile += TILE_GROUPS) {
      int now = Math.min(TILE_GROUPS, groups - tile);
      planes.unpack(source, layout.codesAt(codesAt, GROUP * tile), now, codes);
      int scales = scalesAt + SCALE_BYTES * (tile >>> shift);
      decodeTile(codes, source, scales, now, shift, target, from + GROUP * tile);
    }
  }

  private static void decodeTile(
      byte[] codes, byte[] source, int scalesAt, int groups, int shift, float[] target, int from) {
    for (int i = 0; i < groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < GROUP; j += LANES) {
        int at = GROUP * i + j;
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(codes, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, codes, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector x =
            ((FloatVector) code.convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scale);
        x.intoArray(target, from + at);
      }
    }
  }

  @Override
  protected void accumulateGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from) {
    byte[] codes = CODES.get();
    for (int tile = 0; tile < groups; tile += TILE_GROUPS) {
      int now = Math.min(TILE_GROUPS, groups - tile);
      planes.unpack(source, layout.codesAt(codesAt, GROUP * tile), now, codes);
      int scales = scalesAt + SCALE_BYTES * (tile >>> shift);
      accumulateTile(codes, source, scales, now, shift, target, from + GROUP * tile);
    }
  }

  private static void accumulateTile(
      byte[] codes, byte[] source, int scalesAt, int groups, int shift, float[] target, int from) {
    for (int i = 0; i < groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < GROUP; j += LANES) {
        int at = GROUP * i + j;
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(codes, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, codes, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector x =
            ((FloatVector) code.convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scale);
        FloatVector.fromArray(FLOATS, target, from + at).add(x).intoArray(target, from + at);
      }
    }
  }

  @Override
  protected void decodeHalves(
      byte[] source, int scalesAt, int codesAt, int groups, boolean add, float[] target, int from) {
    byte[] codes = CODES.get();
    for (int tile = 0; tile < groups; tile += TILE_GROUPS) {
      int now = Math.min(TILE_GROUPS, groups - tile);
      planes.unpack(source, layout.codesAt(codesAt, GROUP * tile), now, codes);
      int scales = scalesAt + SCALE_BYTES * 2 * tile;
      decodeHalvesOfTile(codes, source, scales, now, add, target, from + GROUP * tile);
    }
  }

  private static void decodeHalvesOfTile(
      byte[] codes,
      byte[] source,
      int scalesAt,
      int groups,
      boolean add,
      float[] target,
      int from) {
    for (int i = 0; i < 2 * groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * i);
      for (int j = 0; j < HALF; j += LANES) {
        int at = HALF * i + j;
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(codes, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, codes, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector x =
            ((FloatVector) code.convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scale);
        if (add) {
          FloatVector.fromArray(FLOATS, target, from + at).add(x).intoArray(target, from + at);
        } else {
          x.intoArray(target, from + at);
        }
      }
    }
  }

  @Override
  public void decodeCodes(byte[] source, int codesAt, int count, float[] target) {
    byte[] codes = CODES.get();
    for (int first = 0; first < count; first += BlockScaleSimdKernel.TILE) {
      int now = Math.min(BlockScaleSimdKernel.TILE, count - first);
      planes.unpack(source, layout.codesAt(codesAt, first), now / GROUP, codes);
      for (int i = 0; i < now; i += LANES) {
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(codes, i)
                : (IntVector)
                    ByteVector.fromArray(BYTES, codes, i)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        ((FloatVector) code.convertShape(VectorOperators.I2F, FLOATS, 0))
            .intoArray(target, first + i);
      }
    }
  }
}
