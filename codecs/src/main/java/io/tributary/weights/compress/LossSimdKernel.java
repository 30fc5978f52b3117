package io.tributary.weights.compress;

import io.tributary.codecs.internal.SimdSupport;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The same by the Vector API. Lanes are chains; where a vector has fewer, the values are passed
 * over several times.
 */
final class LossSimdKernel implements LossKernel {
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, VectorShape.forBitSize(SimdSupport.bits()));
  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(SimdSupport.bits() / 2));

  @Override
  public double energy(float[] values) {
    var chains = new double[CHAINS];
    int end = values.length / CHAINS * CHAINS;
    for (int chain = 0; chain < CHAINS; chain += DOUBLES.length()) {
      DoubleVector sum = DoubleVector.zero(DOUBLES);
      for (int i = chain; i < end; i += CHAINS) {
        DoubleVector value = widened(values, i);
        sum = sum.add(value.mul(value));
      }
      sum.intoArray(chains, chain);
    }
    LossScalarKernel.addSquares(values, end, chains);
    return LossScalarKernel.sum(chains);
  }

  @Override
  public double error(float[] values, float[] decoded) {
    var chains = new double[CHAINS];
    int end = values.length / CHAINS * CHAINS;
    for (int chain = 0; chain < CHAINS; chain += DOUBLES.length()) {
      DoubleVector sum = DoubleVector.zero(DOUBLES);
      for (int i = chain; i < end; i += CHAINS) {
        DoubleVector value = widened(values, i);
        DoubleVector off = value.sub(widened(decoded, i));
        sum = sum.add(off.mul(off));
      }
      sum.intoArray(chains, chain);
    }
    LossScalarKernel.addErrors(values, decoded, end, chains);
    return LossScalarKernel.sum(chains);
  }

  private static DoubleVector widened(float[] values, int at) {
    return (DoubleVector)
        FloatVector.fromArray(FLOATS, values, at).convertShape(VectorOperators.F2D, DOUBLES, 0);
  }
}
