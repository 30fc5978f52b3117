package io.tributary.codecs.fp16;

import static io.tributary.codecs.fp16.Fp16ScalarKernel.BIAS;
import static io.tributary.codecs.fp16.Fp16ScalarKernel.HALF_INFINITY;
import static io.tributary.codecs.fp16.Fp16ScalarKernel.HALF_QUIET_NAN;
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
import jdk.incubator.vector.VectorOperators;

/**
 * fp16 by the Vector API: every case of the scalar kernel is computed for every lane, and the right
 * one is taken. What doesn't fill a vector goes to the scalar kernel.
 */
final class Fp16SimdKernel implements ElementKernel {
  private final Fp16ScalarKernel rest = new Fp16ScalarKernel();

  @Override
  public void encode(float[] source, int from, int count, byte[] target, int at) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      IntVector bits = FloatVector.fromArray(FLOATS, source, from + i).reinterpretAsInts();
      IntVector magnitude = bits.and(0x7FFF_FFFF);
      IntVector shifted = magnitude.lanewise(VectorOperators.LSHR, 13);
      IntVector normal =
          magnitude.sub(BIAS - 0xFFF).add(shifted.and(1)).lanewise(VectorOperators.LSHR, 13);
      IntVector subnormal =
          magnitude
              .reinterpretAsFloats()
              .add(0.5f)
              .reinterpretAsInts()
              .sub(Float.floatToRawIntBits(0.5f));
      IntVector nan = shifted.and(0x1FF).or(HALF_QUIET_NAN);
      IntVector half =
          normal
              .blend(subnormal, magnitude.compare(VectorOperators.LT, LEAST_NORMAL))
              .min(HALF_INFINITY)
              .blend(nan, magnitude.compare(VectorOperators.GT, INFINITY))
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
      IntVector half =
          (IntVector)
              ByteVector.fromArray(BYTES_OF_SHORTS, source, at + Short.BYTES * i)
                  .reinterpretAsShorts()
                  .convertShape(VectorOperators.S2I, INTS, 0);
      IntVector magnitude = half.and(0x7FFF);
      IntVector shifted = magnitude.lanewise(VectorOperators.LSHL, 13);
      IntVector subnormal =
          ((FloatVector) magnitude.convertShape(VectorOperators.I2F, FLOATS, 0))
              .mul(0x1p-24f)
              .reinterpretAsInts();
      FloatVector x =
          shifted
              .add(BIAS)
              .blend(shifted.add(2 * BIAS), magnitude.compare(VectorOperators.GE, HALF_INFINITY))
              .blend(subnormal, magnitude.compare(VectorOperators.LT, 0x400))
              .or(half.and(0x8000).lanewise(VectorOperators.LSHL, 16))
              .reinterpretAsFloats();
      x.intoArray(target, from + i);
    }
    rest.decode(source, at + Short.BYTES * whole, count - whole, target, from + whole);
  }

  @Override
  public void accumulate(byte[] source, int at, int count, float[] target, int from) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      IntVector half =
          (IntVector)
              ByteVector.fromArray(BYTES_OF_SHORTS, source, at + Short.BYTES * i)
                  .reinterpretAsShorts()
                  .convertShape(VectorOperators.S2I, INTS, 0);
      IntVector magnitude = half.and(0x7FFF);
      IntVector shifted = magnitude.lanewise(VectorOperators.LSHL, 13);
      IntVector subnormal =
          ((FloatVector) magnitude.convertShape(VectorOperators.I2F, FLOATS, 0))
              .mul(0x1p-24f)
              .reinterpretAsInts();
      FloatVector x =
          shifted
              .add(BIAS)
              .blend(shifted.add(2 * BIAS), magnitude.compare(VectorOperators.GE, HALF_INFINITY))
              .blend(subnormal, magnitude.compare(VectorOperators.LT, 0x400))
              .or(half.and(0x8000).lanewise(VectorOperators.LSHL, 16))
              .reinterpretAsFloats();
      FloatVector.fromArray(FLOATS, target, from + i).add(x).intoArray(target, from + i);
    }
    rest.accumulate(source, at + Short.BYTES * whole, count - whole, target, from + whole);
  }
}
