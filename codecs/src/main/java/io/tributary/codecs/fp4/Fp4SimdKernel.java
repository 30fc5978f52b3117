package io.tributary.codecs.fp4;

import static io.tributary.codecs.block.BlockLayout.HALF;
import static io.tributary.codecs.fp4.Fp4Format.GROUP;
import static io.tributary.codecs.fp4.Fp4ScalarKernel.INFINITY;
import static io.tributary.codecs.fp4.Fp4ScalarKernel.LARGEST;
import static io.tributary.codecs.fp4.Fp4ScalarKernel.LEAST_NORMAL;
import static io.tributary.codecs.fp4.Fp4ScalarKernel.SHIFT;
import static io.tributary.codecs.fp4.Fp4ScalarKernel.SIGN;
import static io.tributary.codecs.fp4.Fp4ScalarKernel.TO_LAST_PLACE;
import static io.tributary.codecs.internal.SimdLanes.BYTES;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.FOUR;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import io.tributary.codecs.internal.SimdLanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Both formats by the Vector API, with arithmetic where the scalar kernel looks into a table. No
 * vector is longer than a block. The scales of a tile are written before its codes, since each
 * waits for its block.
 */
final class Fp4SimdKernel implements Fp4Kernel {
  private static final int TILE = 2048;
  private static final int MAGNITUDE = 0x7FFF_FFFF;
  private static final int SIGN_OF_FLOAT = 0x8000_0000;

  /** A code's magnitude, where a float32 has exponent and significand. */
  private static final int MAGNITUDE_BITS = 7 << SHIFT;

  /** Takes a code's magnitude to a number, see {@link #decode}. */
  private static final int EXPONENT_OFFSET = LEAST_NORMAL - (1 << 23);

  private final int block;
  private final int shift;
  private final Fp4ScalarKernel rest;

  Fp4SimdKernel(Fp4Format format) {
    block = format.block();
    shift = format.blockShift();
    rest = new Fp4ScalarKernel(format);
  }

  @Override
  public int largest(float[] source, int from, int count) {
    int whole = count - count % HALF;
    int all = rest.largest(source, from + whole, count - whole);
    for (int i = from; i < from + whole; i += HALF) {
      IntVector largest = IntVector.zero(INTS);
      for (int j = 0; j < HALF; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, i + j);
        largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      all = Math.max(all, largest.reduceLanes(VectorOperators.MAX));
    }
    return all;
  }

  @Override
  public boolean encode(
      float[] source,
      int from,
      int count,
      Fp4Scales scales,
      byte[] target,
      int scalesAt,
      int codesAt) {
    int whole = count - count % GROUP;
    for (int i = 0; i < whole; i += TILE) {
      int tile = Math.min(TILE, whole - i);
      int at = scalesAt + i / block;
      int largest =
          block == HALF
              ? encodeScalesOfHalves(source, from + i, tile / HALF, scales, target, at)
              : encodeScalesOfQuarters(source, from + i, 2 * tile / HALF, scales, target, at);
      if (largest >= INFINITY) {
        return false;
      }
      encodeGroups(source, from + i, tile / GROUP, scales.factors, target, at, codesAt + i / 2);
    }
    return rest.encode(
        source,
        from + whole,
        count - whole,
        scales,
        target,
        scalesAt + whole / block,
        codesAt + whole / 2);
  }

  private static int encodeScalesOfHalves(
      float[] source, int from, int blocks, Fp4Scales scales, byte[] target, int at) {
    int all = 0;
    for (int i = 0; i < blocks; i++) {
      IntVector largest = IntVector.zero(INTS);
      for (int j = 0; j < HALF; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + HALF * i + j);
        largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      int largestOfBlock = largest.reduceLanes(VectorOperators.MAX);
      all = Math.max(all, largestOfBlock);
      target[at + i] = (byte) scales.of(largestOfBlock);
    }
    return all;
  }

  private static int encodeScalesOfQuarters(
      float[] source, int from, int blocks, Fp4Scales scales, byte[] target, int at) {
    int all = 0;
    for (int i = 0; i < blocks; i++) {
      IntVector largest = IntVector.zero(INTS);
      for (int j = 0; j < HALF / 2; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + HALF / 2 * i + j);
        largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      int largestOfBlock = largest.reduceLanes(VectorOperators.MAX);
      all = Math.max(all, largestOfBlock);
      target[at + i] = (byte) scales.of(largestOfBlock);
    }
    return all;
  }

  private void encodeGroups(
      float[] source, int from, int groups, float[] factors, byte[] target, int at, int codesAt) {
    for (int i = 0; i < groups; i++) {
      for (int j = 0; j < HALF; j += LANES) {
        int first = GROUP * i + j;
        float factorOfLow = factors[target[at + (first >> shift)] & 0xFF];
        float factorOfHigh = factors[target[at + (first + HALF >> shift)] & 0xFF];
        IntVector low =
            FloatVector.fromArray(FLOATS, source, from + first)
                .mul(factorOfLow)
                .reinterpretAsInts();
        IntVector high =
            FloatVector.fromArray(FLOATS, source, from + first + HALF)
                .mul(factorOfHigh)
                .reinterpretAsInts();
        IntVector lowMagnitude = low.and(MAGNITUDE).min(LARGEST);
        IntVector highMagnitude = high.and(MAGNITUDE).min(LARGEST);
        IntVector lowExponent = lowMagnitude.and(INFINITY).max(LEAST_NORMAL);
        IntVector highExponent = highMagnitude.and(INFINITY).max(LEAST_NORMAL);
        IntVector lowRounder = lowExponent.add(TO_LAST_PLACE);
        IntVector highRounder = highExponent.add(TO_LAST_PLACE);
        IntVector lowCode =
            lowMagnitude
                .reinterpretAsFloats()
                .add(lowRounder.reinterpretAsFloats())
                .reinterpretAsInts()
                .sub(lowRounder)
                .add(lowExponent.sub(LEAST_NORMAL).lanewise(VectorOperators.LSHR, SHIFT))
                .or(low.lanewise(VectorOperators.LSHR, 28).and(SIGN));
        IntVector highCode =
            highMagnitude
                .reinterpretAsFloats()
                .add(highRounder.reinterpretAsFloats())
                .reinterpretAsInts()
                .sub(highRounder)
                .add(highExponent.sub(LEAST_NORMAL).lanewise(VectorOperators.LSHR, SHIFT))
                .or(high.lanewise(VectorOperators.LSHR, 28).and(SIGN));
        IntVector pair = lowCode.or(highCode.lanewise(VectorOperators.LSHL, 4));
        int to = codesAt + HALF * i + j;
        if (FOUR) {
          SimdLanes.putFourBytes(pair, target, to);
        } else {
          ((ByteVector) pair.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(target, to);
        }
      }
    }
  }

  /**
   * With e = 0, the pattern that a code's magnitude makes is a number z of which {@code 2 z - 2} is
   * meant; that is the lesser of both then, and only then.
   */
  @Override
  public void decode(
      byte[] source,
      int scalesAt,
      int codesAt,
      int count,
      Fp4Scales scales,
      boolean add,
      float[] target,
      int from) {
    int groups = count / GROUP;
    float[] meaning = scales.meaning;
    for (int i = 0; i < groups; i++) {
      for (int j = 0; j < HALF; j += LANES) {
        int first = GROUP * i + j;
        float scaleOfLow = meaning[source[scalesAt + (first >> shift)] & 0xFF];
        float scaleOfHigh = meaning[source[scalesAt + (first + HALF >> shift)] & 0xFF];
        int at = codesAt + HALF * i + j;
        IntVector pair =
            FOUR
                ? SimdLanes.getFourBytes(source, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector low =
            pair.lanewise(VectorOperators.LSHL, SHIFT)
                .and(MAGNITUDE_BITS)
                .add(EXPONENT_OFFSET)
                .reinterpretAsFloats();
        FloatVector high =
            pair.lanewise(VectorOperators.LSHL, SHIFT - 4)
                .and(MAGNITUDE_BITS)
                .add(EXPONENT_OFFSET)
                .reinterpretAsFloats();
        FloatVector x =
            low.reinterpretAsInts()
                .min(low.add(low).sub(2f).reinterpretAsInts())
                .or(pair.lanewise(VectorOperators.LSHL, 28).and(SIGN_OF_FLOAT))
                .reinterpretAsFloats()
                .mul(scaleOfLow);
        FloatVector y =
            high.reinterpretAsInts()
                .min(high.add(high).sub(2f).reinterpretAsInts())
                .or(pair.and(SIGN_OF_FLOAT))
                .reinterpretAsFloats()
                .mul(scaleOfHigh);
        int to = from + first;
        if (add) {
          FloatVector.fromArray(FLOATS, target, to).add(x).intoArray(target, to);
          FloatVector.fromArray(FLOATS, target, to + HALF).add(y).intoArray(target, to + HALF);
        } else {
          x.intoArray(target, to);
          y.intoArray(target, to + HALF);
        }
      }
    }
    int whole = groups * GROUP;
    rest.decode(
        source,
        scalesAt + whole / block,
        codesAt + whole / 2,
        count - whole,
        scales,
        add,
        target,
        from + whole);
  }
}
