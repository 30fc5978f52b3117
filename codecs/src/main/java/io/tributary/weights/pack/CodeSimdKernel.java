package io.tributary.weights.pack;

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

/** The same by the Vector API. */
final class CodeSimdKernel implements CodeKernel {
  private final CodeScalarKernel definition = new CodeScalarKernel();

  @Override
  public void decode(
      byte[] codes, int from, int count, float scale, float zero, float[] target, int at) {
    int end = FLOATS.loopBound(count);
    for (int i = 0; i < end; i += LANES) {
      IntVector bytes =
          FOUR
              ? SimdLanes.getFourBytes(codes, from + i)
              : (IntVector)
                  ByteVector.fromArray(BYTES, codes, from + i)
                      .convertShape(VectorOperators.B2I, INTS, 0);
      ((FloatVector) bytes.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0))
          .sub(zero)
          .mul(scale)
          .intoArray(target, at + i);
    }
    definition.decode(codes, from + end, count - end, scale, zero, target, at + end);
  }
}
