package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.BLOCK;
import static io.tributary.codecs.ecq.EcqLayout.MAX_CODE;
import static io.tributary.codecs.ecq.EcqLayout.ZERO;
import static io.tributary.codecs.ecq.EcqPlan.NOISE_FACTOR_1;
import static io.tributary.codecs.ecq.EcqPlan.NOISE_FACTOR_2;
import static io.tributary.codecs.ecq.EcqPlan.NOISE_SHIFT_1;
import static io.tributary.codecs.ecq.EcqPlan.NOISE_SHIFT_2;
import static io.tributary.codecs.ecq.EcqPlan.NOISE_UNIT;
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

/** The quantizer by the Vector API, whole blocks at a time. */
final class EcqSimdKernel implements EcqKernel {
  private static final int MAGNITUDE = 0x7FFF_FFFF;
  private static final int SIGN_SHIFT = 31;

  private static final float ROUNDER = EcqPlan.ROUNDER;
  private static final int ROUNDER_BITS = EcqPlan.ROUNDER_BITS;

  /** Where scaled magnitudes are clipped, so that the largest code comes out. */
  private static final int CLIP = Float.floatToRawIntBits(MAX_CODE + 1.25f);

  private final EcqScalarKernel rest = new EcqScalarKernel();

  @Override
  public int largestMagnitude(float[] source, int from, int count) {
    int whole = count - count % LANES;
    IntVector largest = IntVector.zero(INTS);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, source, from + i);
      largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
    }
    return Math.max(
        largest.reduceLanes(VectorOperators.MAX),
        rest.largestMagnitude(source, from + whole, count - whole));
  }

  @Override
  public void quantize(
      float[] source, int from, int count, EcqPlan plan, byte[] codes, int[] sums, int[] peaks) {
    int whole = count - count % BLOCK;
    if (plan.stochastic) {
      roundAtRandom(source, from, whole, plan, codes);
    } else {
      round(source, from, whole, plan, codes);
    }
    measure(codes, whole / BLOCK, sums, peaks);
    EcqScalarKernel.quantize(source, from, whole, count, plan, codes, sums, peaks);
  }

  private static void round(float[] source, int from, int count, EcqPlan plan, byte[] codes) {
    float reciprocal = plan.reciprocal;
    float bias = plan.bias;
    IntVector below = IntVector.broadcast(INTS, Float.floatToRawIntBits(plan.threshold) - 1);
    for (int i = 0; i < count; i += LANES) {
      IntVector bits = FloatVector.fromArray(FLOATS, source, from + i).reinterpretAsInts();
      IntVector sign = bits.lanewise(VectorOperators.ASHR, SIGN_SHIFT);
      FloatVector scaled = bits.and(MAGNITUDE).reinterpretAsFloats().mul(reciprocal);
      IntVector pattern = scaled.reinterpretAsInts().min(CLIP);
      // All ones where the magnitude reaches the threshold: patterns order like magnitudes do.
      IntVector kept = below.sub(pattern).lanewise(VectorOperators.ASHR, SIGN_SHIFT);
      FloatVector sum = pattern.reinterpretAsFloats().add(bias).add(ROUNDER);
      IntVector magnitude = sum.reinterpretAsInts().sub(ROUNDER_BITS).and(kept);
      IntVector code = magnitude.lanewise(VectorOperators.XOR, sign).sub(sign).add(ZERO);
      if (FOUR) {
        SimdLanes.putFourBytes(code, codes, i);
      } else {
        ((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(codes, i);
      }
    }
  }

  private static void roundAtRandom(
      float[] source, int from, int count, EcqPlan plan, byte[] codes) {
    float reciprocal = plan.reciprocal;
    IntVector place = IntVector.zero(INTS).addIndex(1).add(plan.seed);
    for (int i = 0; i < count; i += LANES) {
      IntVector hash = place.add(i);
      hash = hash.lanewise(VectorOperators.XOR, hash.lanewise(VectorOperators.LSHR, NOISE_SHIFT_1));
      hash = hash.mul(NOISE_FACTOR_1);
      hash = hash.lanewise(VectorOperators.XOR, hash.lanewise(VectorOperators.LSHR, NOISE_SHIFT_2));
      hash = hash.mul(NOISE_FACTOR_2);
      hash = hash.lanewise(VectorOperators.XOR, hash.lanewise(VectorOperators.LSHR, NOISE_SHIFT_1));
      FloatVector noise =
          ((FloatVector)
                  hash.lanewise(VectorOperators.ASHR, Byte.SIZE).convert(VectorOperators.I2F, 0))
              .mul(NOISE_UNIT);
      FloatVector scaled = FloatVector.fromArray(FLOATS, source, from + i).mul(reciprocal);
      // Clipped where the scalar kernel clips codes, one beyond the largest.
      FloatVector sum = scaled.add(noise).max(-MAX_CODE - 1f).min(MAX_CODE + 1f).add(ROUNDER);
      IntVector code = sum.reinterpretAsInts().sub(ROUNDER_BITS - ZERO);
      if (FOUR) {
        SimdLanes.putFourBytes(code, codes, i);
      } else {
        ((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(codes, i);
      }
    }
  }

  /** A loop of its own: in one with the rounding, the compiler stops inlining. */
  private static void measure(byte[] codes, int blocks, int[] sums, int[] peaks) {
    for (int block = 0; block < blocks; block++) {
      IntVector sum = IntVector.zero(INTS);
      IntVector peak = IntVector.zero(INTS);
      for (int j = 0; j < BLOCK; j += LANES) {
        int i = BLOCK * block + j;
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(codes, i)
                : (IntVector)
                    ByteVector.fromArray(BYTES, codes, i)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        // As signed bytes, codes around ZERO lie at both ends: their distance to the ends counts.
        IntVector off = code.lanewise(VectorOperators.ASHR, SIGN_SHIFT).or(1);
        IntVector magnitude = code.mul(off).sub(ZERO);
        sum = sum.sub(magnitude);
        peak = peak.min(magnitude);
      }
      sums[block] = sum.reduceLanes(VectorOperators.ADD);
      peaks[block] = -peak.reduceLanes(VectorOperators.MIN);
    }
  }

  @Override
  public int encode(
      EcqStates streams,
      byte[] codes,
      int count,
      byte[] classes,
      int[] entries,
      byte[] target,
      int end) {
    int whole = EcqRansSimdKernel.whole(streams, count);
    int at = EcqRans.encode(streams, codes, whole, count, classes, entries, target, end);
    return EcqRansSimdKernel.encode(streams, codes, whole, classes, entries, target, at);
  }

  @Override
  public int decode(
      EcqStates streams,
      byte[] source,
      int next,
      int end,
      byte[] codes,
      int count,
      byte[] classes,
      int[] slots) {
    int whole = EcqRansSimdKernel.whole(streams, count);
    int at = EcqRansSimdKernel.decode(streams, source, next, end, codes, whole, classes, slots);
    return EcqRans.decode(streams, source, at, end, codes, streams.decoded, count, classes, slots);
  }

  @Override
  public void add(float[] values, int count, float[] target, int from) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, target, from + i)
          .add(FloatVector.fromArray(FLOATS, values, i))
          .intoArray(target, from + i);
    }
    for (int i = whole; i < count; i++) {
      target[from + i] += values[i];
    }
  }
}
