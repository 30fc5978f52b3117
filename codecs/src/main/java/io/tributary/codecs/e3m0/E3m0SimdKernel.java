package io.tributary.codecs.e3m0;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.HALF;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
import static io.tributary.codecs.e3m0.E3m0Layout.HALF_SIGNIFICAND;
import static io.tributary.codecs.e3m0.E3m0Layout.LEAST;
import static io.tributary.codecs.e3m0.E3m0Layout.SIGN;
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
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * e3m0 by the Vector API, with arithmetic where the scalar kernel looks into a table.
 *
 * <p>A code depends on nothing below the first significand bit, so the upper 16 bits of two values
 * travel in one lane while codes are computed.
 */
final class E3m0SimdKernel extends BlockSimdKernel {
  /** The sign and the lowest three exponent bits of a float32. */
  private static final int SIGN_AND_INDEX = 0x8380_0000;

  /** Takes 2^(k-127), which is index k in an exponent field, to 2^(k-1). */
  private static final float TO_MAGNITUDE = 0x1p126f;

  E3m0SimdKernel() {
    super(E3m0Layout.LAYOUT, new E3m0ScalarKernel());
  }

  @Override
  protected void encodeGroups(
      float[] source, int from, int groups, int shift, byte[] target, int scalesAt, int codesAt) {
    for (int i = 0; i < groups; i++) {
      FloatVector factor = reciprocal(target, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < HALF; j += LANES) {
        int first = from + GROUP * i + j;
        IntVector low =
            FloatVector.fromArray(FLOATS, source, first).mul(factor).reinterpretAsInts();
        IntVector high =
            FloatVector.fromArray(FLOATS, source, first + HALF).mul(factor).reinterpretAsInts();
        ShortVector both =
            low.lanewise(VectorOperators.LSHR, 16).or(high.and(0xFFFF_0000)).reinterpretAsShorts();
        ShortVector aboveLeast = both.and((short) 0x7FFF).sub((short) (LEAST >>> 16));
        IntVector codes =
            aboveLeast
                .add((short) (HALF_SIGNIFICAND >>> 16))
                .lanewise(VectorOperators.ASHR, 7)
                .max((short) 1)
                .or(both.lanewise(VectorOperators.LSHR, 12).and((short) SIGN))
                .lanewise(VectorOperators.AND_NOT, aboveLeast.lanewise(VectorOperators.ASHR, 15))
                .reinterpretAsInts();
        IntVector pair = codes.or(codes.lanewise(VectorOperators.LSHR, 12));
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
    for (int i = 0; i < groups; i++) {
      FloatVector factorOfLow = reciprocal(target, scalesAt + SCALE_BYTES * 2 * i);
      FloatVector factorOfHigh = reciprocal(target, scalesAt + SCALE_BYTES * (2 * i + 1));
      for (int j = 0; j < HALF; j += LANES) {
        int first = from + GROUP * i + j;
        IntVector low =
            FloatVector.fromArray(FLOATS, source, first).mul(factorOfLow).reinterpretAsInts();
        IntVector high =
            FloatVector.fromArray(FLOATS, source, first + HALF)
                .mul(factorOfHigh)
                .reinterpretAsInts();
        ShortVector both =
            low.lanewise(VectorOperators.LSHR, 16).or(high.and(0xFFFF_0000)).reinterpretAsShorts();
        ShortVector aboveLeast = both.and((short) 0x7FFF).sub((short) (LEAST >>> 16));
        IntVector codes =
            aboveLeast
                .add((short) (HALF_SIGNIFICAND >>> 16))
                .lanewise(VectorOperators.ASHR, 7)
                .max((short) 1)
                .or(both.lanewise(VectorOperators.LSHR, 12).and((short) SIGN))
                .lanewise(VectorOperators.AND_NOT, aboveLeast.lanewise(VectorOperators.ASHR, 15))
                .reinterpretAsInts();
        IntVector pair = codes.or(codes.lanewise(VectorOperators.LSHR, 12));
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
      for (int j = 0; j < HALF; j += LANES) {
        int at = codesAt + HALF * i + j;
        IntVector pair =
            FOUR
                ? SimdLanes.getFourBytes(source, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector x =
            pair.lanewise(VectorOperators.LSHL, 28)
                .lanewise(VectorOperators.ASHR, 5)
                .and(SIGN_AND_INDEX)
                .reinterpretAsFloats()
                .mul(TO_MAGNITUDE)
                .mul(scale);
        FloatVector y =
            pair.lanewise(VectorOperators.LSHL, 24)
                .lanewise(VectorOperators.ASHR, 5)
                .and(SIGN_AND_INDEX)
                .reinterpretAsFloats()
                .mul(TO_MAGNITUDE)
                .mul(scale);
        int to = from + GROUP * i + j;
        x.intoArray(target, to);
        y.intoArray(target, to + HALF);
      }
    }
  }

  @Override
  protected void accumulateGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from) {
    for (int i = 0; i < groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < HALF; j += LANES) {
        int at = codesAt + HALF * i + j;
        IntVector pair =
            FOUR
                ? SimdLanes.getFourBytes(source, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector x =
            pair.lanewise(VectorOperators.LSHL, 28)
                .lanewise(VectorOperators.ASHR, 5)
                .and(SIGN_AND_INDEX)
                .reinterpretAsFloats()
                .mul(TO_MAGNITUDE)
                .mul(scale);
        FloatVector y =
            pair.lanewise(VectorOperators.LSHL, 24)
                .lanewise(VectorOperators.ASHR, 5)
                .and(SIGN_AND_INDEX)
                .reinterpretAsFloats()
                .mul(TO_MAGNITUDE)
                .mul(scale);
        int to = from + GROUP * i + j;
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
      FloatVector scaleOfHigh = scale(source, scalesAt + SCALE_BYTES * (2 * i + 1));
      for (int j = 0; j < HALF; j += LANES) {
        int at = codesAt + HALF * i + j;
        IntVector pair =
            FOUR
                ? SimdLanes.getFourBytes(source, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector x =
            pair.lanewise(VectorOperators.LSHL, 28)
                .lanewise(VectorOperators.ASHR, 5)
                .and(SIGN_AND_INDEX)
                .reinterpretAsFloats()
                .mul(TO_MAGNITUDE)
                .mul(scaleOfLow);
        FloatVector y =
            pair.lanewise(VectorOperators.LSHL, 24)
                .lanewise(VectorOperators.ASHR, 5)
                .and(SIGN_AND_INDEX)
                .reinterpretAsFloats()
                .mul(TO_MAGNITUDE)
                .mul(scaleOfHigh);
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
}
