package io.tributary.codecs.int4block;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.HALF;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
import static io.tributary.codecs.int4block.Int4BlockLayout.ROUNDER;
import static io.tributary.codecs.internal.SimdLanes.BYTES;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.FOUR;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import io.tributary.codecs.block.BlockSimdKernel;
import io.tributary.codecs.internal.SimdLanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** int4block by the Vector API. */
final class Int4BlockSimdKernel extends BlockSimdKernel {
  /** The bits of 2^23 as a float32. */
  private static final int TWO_TO_23 = 0x4B00_0000;

  private static final float SIXTEENTH = 1f / 16;

  Int4BlockSimdKernel() {
    super(Int4BlockLayout.LAYOUT, new Int4BlockScalarKernel());
  }

  @Override
  protected void encodeGroups(
      float[] source, int from, int groups, int shift, byte[] target, int scalesAt, int codesAt) {
    FloatVector rounder = FloatVector.broadcast(FLOATS, ROUNDER);
    for (int i = 0; i < groups; i++) {
      FloatVector factor = reciprocal(target, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < HALF; j += LANES) {
        int first = from + GROUP * i + j;
        FloatVector low = FloatVector.fromArray(FLOATS, source, first).fma(factor, rounder);
        FloatVector high = FloatVector.fromArray(FLOATS, source, first + HALF).fma(factor, rounder);
        IntVector pair =
            low.reinterpretAsInts()
                .and(0xF)
                .or(high.reinterpretAsInts().lanewise(VectorOperators.LSHL, 4));
        int at = codesAt + HALF * i + j;
        if (FOUR) {
          SimdLanes.putFourBytes(pair, target, at);
        } else {
          ((ByteVector) pair.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(target, at);
        }
      }
    }
  }

  @Override
  protected void encodeHalves(
      float[] source, int from, int groups, byte[] target, int scalesAt, int codesAt) {
    FloatVector rounder = FloatVector.broadcast(FLOATS, ROUNDER);
    for (int i = 0; i < groups; i++) {
      FloatVector factorOfLow = reciprocal(target, scalesAt + SCALE_BYTES * 2 * i);
      FloatVector factorOfHigh = reciprocal(target, scalesAt + SCALE_BYTES * (2 * i + 1));
      for (int j = 0; j < HALF; j += LANES) {
        int first = from + GROUP * i + j;
        FloatVector low = FloatVector.fromArray(FLOATS, source, first).fma(factorOfLow, rounder);
        FloatVector high =
            FloatVector.fromArray(FLOATS, source, first + HALF).fma(factorOfHigh, rounder);
        IntVector pair =
            low.reinterpretAsInts()
                .and(0xF)
                .or(high.reinterpretAsInts().lanewise(VectorOperators.LSHL, 4));
        int at = codesAt + HALF * i + j;
        if (FOUR) {
          SimdLanes.putFourBytes(pair, target, at);
        } else {
          ((ByteVector) pair.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(target, at);
        }
      }
    }
  }

  @Override
  protected void decodeGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from) {
    for (int i = 0; i < groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * (i >>> shift));
      FloatVector scaleOfHigh = scale.mul(SIXTEENTH);
      for (int j = 0; j < HALF; j += LANES) {
        IntVector pair = pair(source, codesAt + HALF * i + j);
        int to = from + GROUP * i + j;
        low(pair).mul(scale).intoArray(target, to);
        high(pair).mul(scaleOfHigh).intoArray(target, to + HALF);
      }
    }
  }

  @Override
  protected void accumulateGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from) {
    for (int i = 0; i < groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * (i >>> shift));
      FloatVector scaleOfHigh = scale.mul(SIXTEENTH);
      for (int j = 0; j < HALF; j += LANES) {
        IntVector pair = pair(source, codesAt + HALF * i + j);
        int to = from + GROUP * i + j;
        FloatVector x = low(pair).mul(scale);
        FloatVector y = high(pair).mul(scaleOfHigh);
        FloatVector.fromArray(FLOATS, target, to).add(x).intoArray(target, to);
        FloatVector.fromArray(FLOATS, target, to + HALF).add(y).intoArray(target, to + HALF);
      }
    }
  }

  @Override
  protected void decodeHalves(
      byte[] source, int scalesAt, int codesAt, int groups, boolean add, float[] target, int from) {
    for (int i = 0; i < groups; i++) {
      FloatVector scaleOfLow = scale(source, scalesAt + SCALE_BYTES * 2 * i);
      FloatVector scaleOfHigh = scale(source, scalesAt + SCALE_BYTES * (2 * i + 1)).mul(SIXTEENTH);
      for (int j = 0; j < HALF; j += LANES) {
        IntVector pair = pair(source, codesAt + HALF * i + j);
        FloatVector x = low(pair).mul(scaleOfLow);
        FloatVector y = high(pair).mul(scaleOfHigh);
        int to = from + GROUP * i + j;
        if (add) {
          FloatVector.fromArray(FLOATS, target, to).add(x).intoArray(target, to);
          FloatVector.fromArray(FLOATS, target, to + HALF).add(y).intoArray(target, to + HALF);
        } else {
          x.intoArray(target, to);
          y.intoArray(target, to + HALF);
        }
      }
    }
  }

  /** Bytes of two codes, one in each lane. */
  private static IntVector pair(byte[] source, int at) {
    return FOUR
        ? SimdLanes.getFourBytes(source, at)
        : (IntVector)
            ByteVector.fromArray(BYTES, source, at).convertShape(VectorOperators.B2I, INTS, 0);
  }

  /* Four bits with their sign flipped, put into the significand of 2^23, are 2^23 + 8 + code (or 16
   * times as much from the upper four): a mask, a flip and a difference, where shifts and a
   * conversion take an instruction more, and those to which few ports are open. All steps are
   * exact, so products have the bits of code times scale. */

  private static FloatVector low(IntVector pair) {
    return pair.and(0xF)
        .lanewise(VectorOperators.XOR, TWO_TO_23 ^ 0x8)
        .reinterpretAsFloats()
        .sub((1 << 23) + 8f);
  }

  /** Sixteen times the upper code. */
  private static FloatVector high(IntVector pair) {
    return pair.and(0xF0)
        .lanewise(VectorOperators.XOR, TWO_TO_23 ^ 0x80)
        .reinterpretAsFloats()
        .sub((1 << 23) + 128f);
  }
}
