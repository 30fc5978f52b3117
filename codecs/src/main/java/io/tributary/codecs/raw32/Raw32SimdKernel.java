package io.tributary.codecs.raw32;

import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import io.tributary.codecs.element.ElementKernel;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** raw32 by the Vector API. What doesn't fill a vector goes to the scalar kernel. */
final class Raw32SimdKernel implements ElementKernel {
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, FLOATS.vectorShape());

  private final Raw32ScalarKernel rest = new Raw32ScalarKernel();

  @Override
  public void encode(float[] source, int from, int count, byte[] target, int at) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, source, from + i);
      x.reinterpretAsBytes().intoArray(target, at + Float.BYTES * i);
    }
    rest.encode(source, from + whole, count - whole, target, at + Float.BYTES * whole);
  }

  @Override
  public void decode(byte[] source, int at, int count, float[] target, int from) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      ByteVector bytes = ByteVector.fromArray(BYTES, source, at + Float.BYTES * i);
      bytes.reinterpretAsFloats().intoArray(target, from + i);
    }
    rest.decode(source, at + Float.BYTES * whole, count - whole, target, from + whole);
  }

  @Override
  public void accumulate(byte[] source, int at, int count, float[] target, int from) {
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      ByteVector bytes = ByteVector.fromArray(BYTES, source, at + Float.BYTES * i);
      FloatVector.fromArray(FLOATS, target, from + i)
          .add(bytes.reinterpretAsFloats())
          .intoArray(target, from + i);
    }
    rest.accumulate(source, at + Float.BYTES * whole, count - whole, target, from + whole);
  }

  /** A finite value times 0 is 0, any other is NaN, which no sum loses. */
  @Override
  public boolean provesFinite(byte[] source, int at, int count) {
    int whole = count - count % LANES;
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < whole; i += LANES) {
      ByteVector bytes = ByteVector.fromArray(BYTES, source, at + Float.BYTES * i);
      sum = bytes.reinterpretAsFloats().mul(0f).add(sum);
    }
    return sum.reduceLanes(VectorOperators.ADD) == 0
        && rest.provesFinite(source, at + Float.BYTES * whole, count - whole);
  }
}
