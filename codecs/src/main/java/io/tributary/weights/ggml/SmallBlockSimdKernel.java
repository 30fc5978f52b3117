package io.tributary.weights.ggml;

import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import io.tributary.codecs.internal.SimdLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The same by the Vector API. Lanes are values that follow each other. */
final class SmallBlockSimdKernel implements SmallBlockKernel {
  /** Added to a smaller number, it leaves the nearest whole one in the low bits. */
  private static final float WHOLE = 0x1p23f;

  private static final int WHOLE_BITS = Float.floatToRawIntBits(WHOLE);

  @Override
  public void fourBits(float[] x, int at, int blocks, byte[] target, int to) {
    for (int block = 0; block < blocks; block++) {
      int from = at + block * VALUES;
      int start = to + block * (Short.BYTES + VALUES / 2);
      float factor = SmallBlockScalarKernel.putFourBitScale(largest(x, from), target, start);
      for (int j = 0; j < VALUES / 2; j += LANES) {
        IntVector low = fourBitCodes(x, from + j, factor);
        IntVector high = fourBitCodes(x, from + j + VALUES / 2, factor);
        IntVector both = low.or(high.lanewise(VectorOperators.LSHL, 4));
        SimdLanes.putBytes(both, target, start + Short.BYTES + j);
      }
    }
  }

  /** Bits of numbers of a sign have their order: so the largest ones of both signs are found. */
  private static float largest(float[] x, int from) {
    IntVector above = IntVector.zero(INTS);
    IntVector below = IntVector.zero(INTS);
    for (int j = from; j < from + VALUES; j += LANES) {
      IntVector bits = FloatVector.fromArray(FLOATS, x, j).reinterpretAsInts();
      above = above.max(bits);
      below = below.max(bits.lanewise(VectorOperators.XOR, Integer.MIN_VALUE));
    }
    int highest = above.reduceLanes(VectorOperators.MAX);
    int lowest = below.reduceLanes(VectorOperators.MAX);
    if (highest == lowest) {
      return SmallBlockScalarKernel.largest(x, from);
    }
    return highest > lowest ? Float.intBitsToFloat(highest) : -Float.intBitsToFloat(lowest);
  }

  private static IntVector fourBitCodes(float[] x, int from, float factor) {
    return whole(FloatVector.fromArray(FLOATS, x, from).mul(factor).add(8.5f)).min(15);
  }

  /**
   * The whole parts of numbers from 0 to 2^22, as a cast has them: the nearest whole number, less 1
   * where that is above. Java 17 has no instruction for the cast of a vector.
   */
  private static IntVector whole(FloatVector numbers) {
    FloatVector shifted = numbers.add(WHOLE);
    IntVector above =
        numbers
            .sub(shifted.sub(WHOLE))
            .reinterpretAsInts()
            .lanewise(VectorOperators.ASHR, Integer.SIZE - 1);
    return shifted.reinterpretAsInts().sub(WHOLE_BITS).add(above);
  }

  @Override
  public void eightBits(float[] x, int at, int blocks, byte[] target, int to) {
    for (int block = 0; block < blocks; block++) {
      int from = at + block * VALUES;
      int start = to + block * (Short.BYTES + VALUES);
      IntVector sizes = IntVector.zero(INTS);
      for (int j = from; j < from + VALUES; j += LANES) {
        IntVector bits = FloatVector.fromArray(FLOATS, x, j).reinterpretAsInts();
        sizes = sizes.max(bits.and(Integer.MAX_VALUE));
      }
      float most = Float.intBitsToFloat(sizes.reduceLanes(VectorOperators.MAX));
      float factor = SmallBlockScalarKernel.putEightBitScale(most, target, start);
      for (int j = 0; j < VALUES; j += LANES) {
        FloatVector value = FloatVector.fromArray(FLOATS, x, from + j).mul(factor);
        IntVector sign = value.reinterpretAsInts().lanewise(VectorOperators.ASHR, Integer.SIZE - 1);
        IntVector size = whole(value.abs().add(0.5f));
        IntVector code = size.lanewise(VectorOperators.XOR, sign).sub(sign);
        SimdLanes.putBytes(code, target, start + Short.BYTES + j);
      }
    }
  }
}
