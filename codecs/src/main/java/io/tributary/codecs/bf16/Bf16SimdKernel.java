package io.tributary.codecs.bf16;

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

/** bf16 by the Vector API. What doesn't fill a vector goes to the scalar kernel. */
final class Bf16SimdKernel implements ElementKernel {
  private final Bf16ScalarKernel rest = new Bf16ScalarKernel();

  @Override
  public void encode(float[] source, int from, int count, byte[] target, int at) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      IntVector bits = FloatVector.fromArray(FLOATS, source, from + i).reinterpretAsInts();
      IntVector upper = bits.lanewise(VectorOperators.LSHR, 16);
      IntVector rounded = bits.add(0x7FFF).add(upper.and(1)).lanewise(VectorOperators.LSHR, 16);
      var isNan = bits.and(0x7FFF_FFFF).compare(VectorOperators.GT, 0x7F80_0000);
      IntVector half = rounded.blend(upper.or(0x40), isNan);
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
      ShortVector halves =
          ByteVector.fromArray(BYTES_OF_SHORTS, source, at + Short.BYTES * i).reinterpretAsShorts();
      ((IntVector) halves.convertShape(VectorOperators.S2I, INTS, 0))
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .intoArray(target, from + i);
    }
    rest.decode(source, at + Short.BYTES * whole, count - whole, target, from + whole);
  }

  @Override
  public void accumulate(byte[] source, int at, int count, float[] target, int from) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      ShortVector halves =
          ByteVector.fromArray(BYTES_OF_SHORTS, source, at + Short.BYTES * i).reinterpretAsShorts();
      FloatVector x =
          ((IntVector) halves.convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      FloatVector.fromArray(FLOATS, target, from + i).add(x).intoArray(target, from + i);
    }
    rest.accumulate(source, at + Short.BYTES * whole, count - whole, target, from + whole);
  }
}
