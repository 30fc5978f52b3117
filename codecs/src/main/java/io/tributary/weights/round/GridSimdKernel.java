package io.tributary.weights.round;

import static io.tributary.codecs.internal.SimdLanes.BYTES;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.FOUR;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import io.tributary.codecs.internal.SimdLanes;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.ScaleType;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The same by the Vector API. Where sums are taken lanes are groups, so that each keeps the
 * definition's order; groups that fill no vector, and very long ones, are left to the definition.
 */
final class GridSimdKernel implements GridKernel {
  /** Added and subtracted again, it leaves the nearest whole number, of two the even one. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  private static final int LONGEST_GROUP = 1024;

  private final GridScalarKernel definition = new GridScalarKernel();

  @Override
  public float least(float[] weights, int at, int count) {
    int end = at + FLOATS.loopBound(count);
    FloatVector least = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
    for (int j = at; j < end; j += LANES) {
      least = least.min(FloatVector.fromArray(FLOATS, weights, j));
    }
    float rest = definition.least(weights, end, at + count - end);
    return Math.min(least.reduceLanes(VectorOperators.MIN), rest);
  }

  @Override
  public float most(float[] weights, int at, int count) {
    int end = at + FLOATS.loopBound(count);
    FloatVector most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int j = at; j < end; j += LANES) {
      most = most.max(FloatVector.fromArray(FLOATS, weights, j));
    }
    float rest = definition.most(weights, end, at + count - end);
    return Math.max(most.reduceLanes(VectorOperators.MAX), rest);
  }

  @Override
  public void codes(float[] weights, int at, int count, GridMatrix grid, int group) {
    float factor = GridScalarKernel.factor(grid.scales()[group]);
    float zero = grid.zeros()[group];
    float top = GridScalarKernel.top(grid);
    byte[] codes = grid.codes();
    int end = at + FLOATS.loopBound(count);
    FloatVector none = FloatVector.zero(FLOATS);
    for (int j = at; j < end; j += LANES) {
      FloatVector code = FloatVector.fromArray(FLOATS, weights, j).mul(factor).add(zero);
      code = none.blend(code, code.compare(VectorOperators.GE, 0));
      code = code.blend(top, code.compare(VectorOperators.GT, top));
      IntVector whole = code.add(ROUNDER).reinterpretAsInts().sub(ROUNDER_BITS);
      if (FOUR) {
        SimdLanes.putFourBytes(whole, codes, j);
      } else {
        ((ByteVector) whole.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(codes, j);
      }
    }
    for (int j = end; j < at + count; j++) {
      codes[j] = (byte) (int) GridScalarKernel.code(weights[j], factor, zero, (int) top);
    }
  }

  /** Values of as many groups as there are lanes: value j of lane i at j * LANES + i. */
  private static void gather(float[] weights, int at, int count, float[] target) {
    for (int i = 0; i < LANES; i++) {
      for (int j = 0; j < count; j++) {
        target[j * LANES + i] = weights[at + i * count + j];
      }
    }
  }

  @Override
  public void search(
      float[] weights, int at, int count, int groups, GridFit fit, GridMatrix grid, int group) {
    int g = 0;
    if (count <= LONGEST_GROUP && groups >= LANES) {
      var values = new float[count * LANES];
      for (; g + LANES <= groups; g += LANES) {
        gather(weights, at + g * count, count, values);
        search(values, weights, at + g * count, count, fit, grid, group + g);
      }
    }
    definition.search(weights, at + g * count, count, groups - g, fit, grid, group + g);
  }

  private void search(
      float[] values, float[] weights, int at, int count, GridFit fit, GridMatrix grid, int group) {
    var low = new float[LANES];
    var high = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      low[i] = least(weights, at + i * count, count);
      high[i] = most(weights, at + i * count, count);
    }
    FloatVector top = FloatVector.broadcast(FLOATS, GridScalarKernel.top(grid));
    FloatVector none = FloatVector.zero(FLOATS);
    FloatVector best = none;
    FloatVector keptScale = none;
    FloatVector keptZero = none;
    for (int step = 0; step < GridFit.STEPS; step++) {
      float share = 1 - step / 100f;
      for (int i = 0; step > 0 && i < LANES; i++) {
        fit.span(low[i] * share, high[i] * share, grid, group + i);
      }
      FloatVector scale = FloatVector.fromArray(FLOATS, grid.scales(), group);
      FloatVector zero = FloatVector.fromArray(FLOATS, grid.zeros(), group);
      FloatVector factor =
          FloatVector.broadcast(FLOATS, 1)
              .div(scale)
              .blend(none, scale.compare(VectorOperators.EQ, 0));
      FloatVector error = none;
      for (int k = 0; k < count * LANES; k += LANES) {
        FloatVector weight = FloatVector.fromArray(FLOATS, values, k);
        FloatVector code = weight.mul(factor).add(zero);
        code = code.blend(none, code.compare(VectorOperators.LT, 0));
        code = code.blend(top, code.compare(VectorOperators.GT, top)).add(ROUNDER).sub(ROUNDER);
        FloatVector off = scale.mul(code.sub(zero)).sub(weight).abs();
        error = error.add(off.mul(off).mul(off.lanewise(VectorOperators.SQRT)));
      }
      if (step == 0) {
        best = error;
        keptScale = scale;
        keptZero = zero;
      } else {
        VectorMask<Float> better = error.compare(VectorOperators.LT, best);
        best = best.blend(error, better);
        keptScale = keptScale.blend(scale, better);
        keptZero = keptZero.blend(zero, better);
      }
    }
    keptScale.intoArray(grid.scales(), group);
    keptZero.intoArray(grid.zeros(), group);
  }

  @Override
  public void zeros(float[] weights, int at, int count, int groups, GridMatrix grid, int group) {
    int g = 0;
    if (count <= LONGEST_GROUP && groups >= LANES) {
      var values = new float[count * LANES];
      for (; g + LANES <= groups; g += LANES) {
        gather(weights, at + g * count, count, values);
        zeros(values, count, grid, group + g);
      }
    }
    definition.zeros(weights, at + g * count, count, groups - g, grid, group + g);
  }

  private static void zeros(float[] values, int count, GridMatrix grid, int group) {
    FloatVector none = FloatVector.zero(FLOATS);
    FloatVector top = FloatVector.broadcast(FLOATS, GridScalarKernel.top(grid));
    FloatVector scale = FloatVector.fromArray(FLOATS, grid.scales(), group);
    FloatVector factor = FloatVector.broadcast(FLOATS, 1).div(scale);
    var next = Arrays.copyOfRange(grid.zeros(), group, group + LANES);
    FloatVector zero = FloatVector.fromArray(FLOATS, next, 0);
    FloatVector kept = zero;
    FloatVector best = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
    VectorMask<Float> active = scale.compare(VectorOperators.NE, 0);
    float threshold = HalfQuadraticZeros.FIRST_THRESHOLD;
    for (int i = 0; i < HalfQuadraticZeros.ITERATIONS; i++) {
      FloatVector error = none;
      FloatVector sum = none;
      for (int k = 0; k < count * LANES; k += LANES) {
        FloatVector weight = FloatVector.fromArray(FLOATS, values, k);
        FloatVector code = weight.mul(factor).add(zero);
        code = code.blend(none, code.compare(VectorOperators.LT, 0));
        code = code.blend(top, code.compare(VectorOperators.GT, top)).add(ROUNDER).sub(ROUNDER);
        FloatVector off = weight.sub(scale.mul(code.sub(zero)));
        FloatVector magnitude = off.abs();
        // As powerOfMinus03 does it.
        IntVector bits = magnitude.reinterpretAsInts();
        FloatVector t = bits.and(0x7F_FFFF).or(0x3F80_0000).reinterpretAsFloats().sub(1);
        FloatVector log = t.mul(HalfQuadraticZeros.LOG5).add(HalfQuadraticZeros.LOG4);
        log = t.mul(log).add(HalfQuadraticZeros.LOG3);
        log = t.mul(log).add(HalfQuadraticZeros.LOG2);
        log = t.mul(log).add(HalfQuadraticZeros.LOG1);
        log = t.mul(log).add(HalfQuadraticZeros.LOG0);
        IntVector power = bits.lanewise(VectorOperators.LSHR, 23).sub(127);
        FloatVector exponent =
            ((FloatVector) power.convertShape(VectorOperators.I2F, FLOATS, 0))
                .add(log)
                .mul(HalfQuadraticZeros.POWER);
        FloatVector whole = exponent.add(ROUNDER).sub(ROUNDER);
        whole = whole.blend(whole.sub(1), whole.compare(VectorOperators.GT, exponent));
        FloatVector f = exponent.sub(whole);
        FloatVector raised = f.mul(HalfQuadraticZeros.EXP4).add(HalfQuadraticZeros.EXP3);
        raised = f.mul(raised).add(HalfQuadraticZeros.EXP2);
        raised = f.mul(raised).add(HalfQuadraticZeros.EXP1);
        raised = f.mul(raised).add(HalfQuadraticZeros.EXP0);
        IntVector biased = whole.add(ROUNDER).reinterpretAsInts().sub(ROUNDER_BITS - 127);
        raised = raised.mul(biased.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
        FloatVector left = magnitude.sub(raised.mul(threshold));
        left = none.blend(left, left.compare(VectorOperators.GT, 0));
        IntVector sign = off.reinterpretAsInts().and(Integer.MIN_VALUE);
        FloatVector shrunk = left.reinterpretAsInts().or(sign).reinterpretAsFloats();
        error = error.add(magnitude);
        sum = sum.add(code.sub(weight.sub(shrunk).mul(factor)));
      }
      active = active.and(error.compare(VectorOperators.LT, best));
      best = best.blend(error, active);
      kept = kept.blend(zero, active);
      sum.div(count).intoArray(next, 0);
      for (int lane = 0; lane < LANES; lane++) {
        next[lane] = ScaleType.F16.round(next[lane]);
      }
      zero = FloatVector.fromArray(FLOATS, next, 0);
      active = active.and(zero.abs().compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
      if (!active.anyTrue()) {
        break;
      }
      threshold /= HalfQuadraticZeros.KAPPA;
    }
    kept.intoArray(grid.zeros(), group);
  }
}
