package io.tributary.codecs.fp16;

import static io.tributary.codecs.fp16.Fp16ScalarKernel.HALF_INFINITY;
import static io.tributary.codecs.fp16.Fp16ScalarKernel.INFINITY;
import static io.tributary.codecs.fp16.Fp16ScalarKernel.LEAST_NORMAL;
import static io.tributary.codecs.internal.SimdLanes.BYTES_OF_SHORTS;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;
import static io.tributary.codecs.internal.SimdLanes.SHORTS;

import io.tributary.codecs.element.ElementKernel;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * fp16 by the Vector API, with one sum and one product where the scalar kernel has a case for each
 * kind of number.
 *
 * <p>Encoding adds a power of two whose last place is that of the result, 2^10 times below the
 * value's own power of two or, for subnormal results, 2^-24: so the sum's low bits are the
 * significand, rounded to nearest even. Decoding takes the bits for a float32 with too small an
 * exponent and multiplies by 2^112, which is exact and makes subnormals normal; only infinity and
 * NaN need another exponent. A vector with NaN is encoded by the scalar kernel, as is what doesn't
 * fill a vector.
 */
final class Fp16SimdKernel implements ElementKernel {
  /** The pattern of 2^16, which is the first to become infinity whatever is rounded. */
  private static final int ABOVE_ALL = 0x4780_0000;

  /** Takes an exponent to the one whose last place is the last of 10 significand bits. */
  private static final int TO_LAST_PLACE = 13 << 23;

  private static final int SIGN_AND_MAGNITUDE = 0x8FFF_E000;
  private static final int SHIFTED_INFINITY = HALF_INFINITY << 13;
  private static final float TO_FLOAT = 0x1p112f;

  private final Fp16ScalarKernel rest = new Fp16ScalarKernel();

  @Override
  public void encode(float[] source, int from, int count, byte[] target, int at) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      IntVector bits = FloatVector.fromArray(FLOATS, source, from + i).reinterpretAsInts();
      IntVector magnitude = bits.and(0x7FFF_FFFF);
      if (magnitude.compare(VectorOperators.GT, INFINITY).anyTrue()) {
        rest.encode(source, from + i, LANES, target, at + Short.BYTES * i);
        continue;
      }
      IntVector value = magnitude.min(ABOVE_ALL);
      IntVector exponent = value.and(INFINITY).max(LEAST_NORMAL);
      IntVector rounder = exponent.add(TO_LAST_PLACE);
      IntVector sum =
          value.reinterpretAsFloats().add(rounder.reinterpretAsFloats()).reinterpretAsInts();
      IntVector half =
          sum.sub(rounder)
              .add(exponent.lanewise(VectorOperators.LSHR, 13))
              .sub(LEAST_NORMAL >>> 13)
              .or(bits.lanewise(VectorOperators.LSHR, 16).and(0x8000));
      ((ShortVector) half.convertShape(VectorOperators.I2S, SHORTS, 0))
          .reinterpretAsBytes()
          .intoArray(target, at + Short.BYTES * i);
    }
    rest.encode(source, from + whole, count - whole, target, at + Short.BYTES * whole);
  }

  @Override
  public void decode(byte[] source, int at, int count, float[] target, int from) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      IntVector bits =
          ((IntVector)
                  ByteVector.fromArray(BYTES_OF_SHORTS, source, at + Short.BYTES * i)
                      .reinterpretAsShorts()
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE);
      IntVector number = bits.reinterpretAsFloats().mul(TO_FLOAT).reinterpretAsInts();
      VectorMask<Integer> notFinite =
          bits.and(SHIFTED_INFINITY).compare(VectorOperators.EQ, SHIFTED_INFINITY);
      FloatVector x = number.blend(number.or(INFINITY), notFinite).reinterpretAsFloats();
      x.intoArray(target, from + i);
    }
    rest.decode(source, at + Short.BYTES * whole, count - whole, target, from + whole);
  }

  @Override
  public void accumulate(byte[] source, int at, int count, float[] target, int from) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      IntVector bits =
          ((IntVector)
                  ByteVector.fromArray(BYTES_OF_SHORTS, source, at + Short.BYTES * i)
                      .reinterpretAsShorts()
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE);
      IntVector number = bits.reinterpretAsFloats().mul(TO_FLOAT).reinterpretAsInts();
      VectorMask<Integer> notFinite =
          bits.and(SHIFTED_INFINITY).compare(VectorOperators.EQ, SHIFTED_INFINITY);
      FloatVector x = number.blend(number.or(INFINITY), notFinite).reinterpretAsFloats();
      FloatVector.fromArray(FLOATS, target, from + i).add(x).intoArray(target, from + i);
    }
    rest.accumulate(source, at + Short.BYTES * whole, count - whole, target, from + whole);
  }
}
