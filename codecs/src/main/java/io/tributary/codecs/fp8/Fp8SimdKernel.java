package io.tributary.codecs.fp8;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.HALF;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
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

/**
 * fp8 by the Vector API, with arithmetic where the scalar kernel looks into a table. The lesser of
 * two magnitudes is that of their patterns: for floats it would have to mind NaN.
 */
final class Fp8SimdKernel extends BlockSimdKernel {
  private static final int MAGNITUDE = 0x7FFF_FFFF;
  private static final int SIGN = 0x8000_0000;
  private static final int EXPONENT = 0x7F80_0000;

  private final int codeShift;
  private final int leastNormal;
  private final int toLastPlace;
  private final int exponentOffset;
  private final int magnitudeBits;

  Fp8SimdKernel(Fp8Format format) {
    super(format.layout(), new Fp8ScalarKernel(format));
    codeShift = format.shift();
    leastNormal = format.leastNormal();
    toLastPlace = format.toLastPlace();
    exponentOffset = format.exponentOffset();
    magnitudeBits = 0x7F << codeShift;
  }

  @Override
  protected void encodeGroups(
      float[] source, int from, int groups, int shift, byte[] target, int scalesAt, int codesAt) {
    for (int i = 0; i < groups; i++) {
      FloatVector factor = reciprocal(target, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < GROUP; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + GROUP * i + j);
        IntVector bits = x.mul(factor).reinterpretAsInts();
        IntVector magnitude = bits.and(MAGNITUDE);
        IntVector exponent = magnitude.and(EXPONENT).max(leastNormal);
        IntVector rounder = exponent.add(toLastPlace);
        IntVector sum =
            magnitude.reinterpretAsFloats().add(rounder.reinterpretAsFloats()).reinterpretAsInts();
        IntVector code =
            sum.sub(rounder)
                .add(exponent.sub(leastNormal).lanewise(VectorOperators.LSHR, codeShift))
                .or(bits.lanewise(VectorOperators.LSHR, 24).and(0x80));
        int at = codesAt + GROUP * i + j;
        if (FOUR) {
          SimdLanes.putFourBytes(code, target, at);
        } else {
          ((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(target, at);
        }
      }
    }
  }

  @Override
  protected void encodeHalves(
      float[] source, int from, int groups, byte[] target, int scalesAt, int codesAt) {
    for (int i = 0; i < 2 * groups; i++) {
      FloatVector factor = reciprocal(target, scalesAt + SCALE_BYTES * i);
      for (int j = 0; j < HALF; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + HALF * i + j);
        IntVector bits = x.mul(factor).reinterpretAsInts();
        IntVector magnitude = bits.and(MAGNITUDE);
        IntVector exponent = magnitude.and(EXPONENT).max(leastNormal);
        IntVector rounder = exponent.add(toLastPlace);
        IntVector sum =
            magnitude.reinterpretAsFloats().add(rounder.reinterpretAsFloats()).reinterpretAsInts();
        IntVector code =
            sum.sub(rounder)
                .add(exponent.sub(leastNormal).lanewise(VectorOperators.LSHR, codeShift))
                .or(bits.lanewise(VectorOperators.LSHR, 24).and(0x80));
        int at = codesAt + HALF * i + j;
        if (FOUR) {
          SimdLanes.putFourBytes(code, target, at);
        } else {
          ((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(target, at);
        }
      }
    }
  }

  @Override
  protected void decodeGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from) {
    float twoToTheF = Float.intBitsToFloat(leastNormal);
    for (int i = 0; i < groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < GROUP; j += LANES) {
        int at = codesAt + GROUP * i + j;
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(source, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector normal =
            code.lanewise(VectorOperators.LSHL, codeShift)
                .and(magnitudeBits)
                .add(exponentOffset)
                .reinterpretAsFloats();
        FloatVector x =
            normal
                .reinterpretAsInts()
                .min(normal.add(normal).sub(twoToTheF).reinterpretAsInts())
                .or(code.and(SIGN))
                .reinterpretAsFloats()
                .mul(scale);
        int to = from + GROUP * i + j;
        x.intoArray(target, to);
      }
    }
  }

  @Override
  protected void accumulateGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from) {
    float twoToTheF = Float.intBitsToFloat(leastNormal);
    for (int i = 0; i < groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < GROUP; j += LANES) {
        int at = codesAt + GROUP * i + j;
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(source, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector normal =
            code.lanewise(VectorOperators.LSHL, codeShift)
                .and(magnitudeBits)
                .add(exponentOffset)
                .reinterpretAsFloats();
        FloatVector x =
            normal
                .reinterpretAsInts()
                .min(normal.add(normal).sub(twoToTheF).reinterpretAsInts())
                .or(code.and(SIGN))
                .reinterpretAsFloats()
                .mul(scale);
        int to = from + GROUP * i + j;
        FloatVector.fromArray(FLOATS, target, to).add(x).intoArray(target, to);
      }
    }
  }

  @Override
  protected void decodeHalves(
      byte[] source, int scalesAt, int codesAt, int groups, boolean add, float[] target, int from) {
    float twoToTheF = Float.intBitsToFloat(leastNormal);
    for (int i = 0; i < 2 * groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * i);
      for (int j = 0; j < HALF; j += LANES) {
        int at = codesAt + HALF * i + j;
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(source, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector normal =
            code.lanewise(VectorOperators.LSHL, codeShift)
                .and(magnitudeBits)
                .add(exponentOffset)
                .reinterpretAsFloats();
        FloatVector x =
            normal
                .reinterpretAsInts()
                .min(normal.add(normal).sub(twoToTheF).reinterpretAsInts())
                .or(code.and(SIGN))
                .reinterpretAsFloats()
                .mul(scale);
        int to = from + HALF * i + j;
        if (add) {
          FloatVector.fromArray(FLOATS, target, to).add(x).intoArray(target, to);
        } else {
          x.intoArray(target, to);
        }
      }
    }
  }
}
