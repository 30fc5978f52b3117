package io.tributary.weights.ggml;

import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The same by the Vector API. Lanes are groups, so that each group's sums keep the definition's
 * order; what a lane chooses is remembered as the factor that it tried, and its codes are made from
 * that once at the end. Groups that fill no vector, and values so large that a span of theirs isn't
 * finite, are left to the definition.
 */
final class GroupSimdKernel implements GroupKernel {
  /** Added and subtracted again, it leaves the nearest whole number, of two the even one. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int LONGEST_GROUP = 32;

  private final GroupScalarKernel definition = new GroupScalarKernel();

  // Value j of lane i lies at j * LANES + i.
  private final float[] values = new float[LONGEST_GROUP * LANES];
  private final float[] weighed = new float[LONGEST_GROUP * LANES];
  private final float[] weightsOf = new float[LONGEST_GROUP * LANES];
  private final float[] trial = new float[LONGEST_GROUP * LANES];
  private final float[] found = new float[LANES];

  private void gather(float[] x, int at, int count, int from, float[] weights) {
    for (int i = 0; i < LANES; i++) {
      int first = (from + i) * count;
      for (int j = 0; j < count; j++) {
        values[j * LANES + i] = x[at + first + j];
        weightsOf[j * LANES + i] = weights[first + j];
      }
    }
  }

  /** Stores the codes in {@link #trial}. */
  private void scatter(int count, int from, float added, byte[] codes) {
    for (int i = 0; i < LANES; i++) {
      int first = (from + i) * count;
      for (int j = 0; j < count; j++) {
        codes[first + j] = (byte) (int) (trial[j * LANES + i] + added);
      }
    }
  }

  @Override
  public void affine(
      float[] x,
      int at,
      int count,
      int from,
      int to,
      int most,
      float[] weights,
      Trials trials,
      byte[] codes,
      float[] scales,
      float[] minima) {
    int g = from;
    for (; g + LANES <= to; g += LANES) {
      gather(x, at, count, g, weights);
      if (!affine(count, g, most, trials, scales, minima)) {
        definition.affine(x, at, count, g, g + LANES, most, weights, trials, codes, scales, minima);
      } else {
        scatter(count, g, 0, codes);
      }
    }
    definition.affine(x, at, count, g, to, most, weights, trials, codes, scales, minima);
  }

  /** Searches as many groups as there are lanes; false if that is up to the definition. */
  private boolean affine(
      int count, int from, int most, Trials trials, float[] scales, float[] minima) {
    int end = count * LANES;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector top = FloatVector.broadcast(FLOATS, most);
    FloatVector low = zero;
    FloatVector high = FloatVector.fromArray(FLOATS, values, 0);
    FloatVector sum = zero;
    FloatVector sumX = zero;
    for (int k = 0; k < end; k += LANES) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, k);
      FloatVector weight = FloatVector.fromArray(FLOATS, weightsOf, k);
      low = low.min(value);
      high = high.max(value);
      sum = sum.add(weight);
      sumX = sumX.add(weight.mul(value));
    }
    FloatVector span = high.sub(low);
    if (!span.compare(VectorOperators.LT, Float.POSITIVE_INFINITY).allTrue()) {
      return false;
    }
    VectorMask<Float> flat = span.compare(VectorOperators.LT, ScaleSearch.TINY);
    FloatVector scale = span.div(most);
    FloatVector atFirst = scale;
    FloatVector minimum = low.neg();
    FloatVector best = zero;
    for (int k = 0; k < end; k += LANES) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, k);
      FloatVector raised = value.sub(low);
      raised.intoArray(weighed, k);
      FloatVector code = raised.div(scale);
      code = top.blend(code, code.compare(VectorOperators.LT, top)).add(ROUNDER).sub(ROUNDER);
      FloatVector off = scale.mul(code).add(low).sub(value).abs();
      FloatVector cost = trials.absolute() ? off : off.mul(off);
      best = best.add(FloatVector.fromArray(FLOATS, weightsOf, k).mul(cost));
    }
    FloatVector chosen = zero;
    for (int i = 0; i <= trials.steps(); i++) {
      FloatVector factor =
          FloatVector.broadcast(FLOATS, trials.first() + trials.step() * i + most).div(span);
      FloatVector sumL = zero;
      FloatVector sumLl = zero;
      FloatVector sumXl = zero;
      for (int k = 0; k < end; k += LANES) {
        FloatVector code = factor.mul(FloatVector.fromArray(FLOATS, weighed, k));
        code = top.blend(code, code.compare(VectorOperators.LT, top)).add(ROUNDER).sub(ROUNDER);
        code.intoArray(trial, k);
        FloatVector share = FloatVector.fromArray(FLOATS, weightsOf, k).mul(code);
        sumL = sumL.add(share);
        sumLl = sumLl.add(share.mul(code));
        sumXl = sumXl.add(share.mul(FloatVector.fromArray(FLOATS, values, k)));
      }
      FloatVector determinant = sum.mul(sumLl).sub(sumL.mul(sumL));
      VectorMask<Float> solved = determinant.compare(VectorOperators.GT, 0);
      FloatVector newScale = sum.mul(sumXl).sub(sumX.mul(sumL)).div(determinant);
      FloatVector newLow = sumLl.mul(sumX).sub(sumL.mul(sumXl)).div(determinant);
      VectorMask<Float> above = newLow.compare(VectorOperators.GT, 0);
      newScale = newScale.blend(sumXl.div(sumLl), above);
      newLow = newLow.blend(zero, above);
      FloatVector error = zero;
      if (trials.absolute()) {
        for (int k = 0; k < end; k += LANES) {
          FloatVector off =
              newScale
                  .mul(FloatVector.fromArray(FLOATS, trial, k))
                  .add(newLow)
                  .sub(FloatVector.fromArray(FLOATS, values, k))
                  .abs();
          error = error.add(FloatVector.fromArray(FLOATS, weightsOf, k).mul(off));
        }
      } else {
        for (int k = 0; k < end; k += LANES) {
          FloatVector off =
              newScale
                  .mul(FloatVector.fromArray(FLOATS, trial, k))
                  .add(newLow)
                  .sub(FloatVector.fromArray(FLOATS, values, k));
          error = error.add(FloatVector.fromArray(FLOATS, weightsOf, k).mul(off.mul(off)));
        }
      }
      VectorMask<Float> better = error.compare(VectorOperators.LT, best).and(solved);
      best = best.blend(error, better);
      scale = scale.blend(newScale, better);
      minimum = minimum.blend(newLow.neg(), better);
      chosen = chosen.blend(factor, better);
    }
    VectorMask<Float> unchanged = chosen.compare(VectorOperators.EQ, 0);
    for (int k = 0; k < end; k += LANES) {
      FloatVector raised = FloatVector.fromArray(FLOATS, weighed, k);
      FloatVector code = chosen.mul(raised).blend(raised.div(atFirst), unchanged);
      code = top.blend(code, code.compare(VectorOperators.LT, top)).add(ROUNDER).sub(ROUNDER);
      code.blend(zero, flat).intoArray(trial, k);
    }
    scale.blend(zero, flat).intoArray(scales, from);
    minimum.blend(low.neg(), flat).intoArray(minima, from);
    return true;
  }

  @Override
  public void symmetric(
      float[] x,
      int at,
      int count,
      int from,
      int to,
      int most,
      float[] weights,
      byte[] codes,
      float[] scales) {
    int g = from;
    for (; g + LANES <= to; g += LANES) {
      gather(x, at, count, g, weights);
      symmetric(count, g, most, scales);
      scatter(count, g, most, codes);
    }
    definition.symmetric(x, at, count, g, to, most, weights, codes, scales);
  }

  /** The first value of each lane with the largest magnitude, also what weighs each value. */
  private FloatVector largest(int count) {
    FloatVector largest = FloatVector.zero(FLOATS);
    for (int k = 0; k < count * LANES; k += LANES) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, k);
      FloatVector.fromArray(FLOATS, weightsOf, k).mul(value).intoArray(weighed, k);
      largest = largest.blend(value, value.abs().compare(VectorOperators.GT, largest.abs()));
    }
    return largest;
  }

  private void symmetric(int count, int from, int most, float[] scales) {
    int end = count * LANES;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector bottom = FloatVector.broadcast(FLOATS, -most);
    FloatVector top = FloatVector.broadcast(FLOATS, most - 1);
    FloatVector largest = largest(count);
    FloatVector best = zero;
    FloatVector scale = zero;
    FloatVector chosen = zero;
    for (int i = 0; i < ScaleSearch.TRIALS; i++) {
      FloatVector factor =
          FloatVector.broadcast(FLOATS, -(most + 0.1f * ScaleSearch.step(i))).div(largest);
      FloatVector along = zero;
      FloatVector squares = zero;
      for (int k = 0; k < end; k += LANES) {
        FloatVector code = factor.mul(FloatVector.fromArray(FLOATS, values, k));
        code = code.blend(bottom, code.compare(VectorOperators.LT, bottom));
        code = code.blend(top, code.compare(VectorOperators.GT, top)).add(ROUNDER).sub(ROUNDER);
        along = along.add(FloatVector.fromArray(FLOATS, weighed, k).mul(code));
        squares = squares.add(FloatVector.fromArray(FLOATS, weightsOf, k).mul(code).mul(code));
      }
      FloatVector alongSquared = along.mul(along);
      VectorMask<Float> better =
          squares
              .compare(VectorOperators.GT, 0)
              .and(alongSquared.compare(VectorOperators.GT, best.mul(squares)));
      best = best.blend(alongSquared.div(squares), better);
      scale = scale.blend(along.div(squares), better);
      chosen = chosen.blend(factor, better);
    }
    VectorMask<Float> flat = largest.abs().compare(VectorOperators.LT, ScaleSearch.TINY);
    chosen = chosen.blend(zero, flat);
    for (int k = 0; k < end; k += LANES) {
      FloatVector code = chosen.mul(FloatVector.fromArray(FLOATS, values, k));
      code = code.blend(bottom, code.compare(VectorOperators.LT, bottom));
      code = code.blend(top, code.compare(VectorOperators.GT, top)).add(ROUNDER).sub(ROUNDER);
      code.intoArray(trial, k);
    }
    scale.blend(zero, flat).intoArray(scales, from);
  }

  @Override
  public void descent(
      float[] x,
      int at,
      int count,
      int from,
      int to,
      int most,
      float[] weights,
      byte[] codes,
      float[] scales) {
    int g = from;
    for (; g + LANES <= to; g += LANES) {
      gather(x, at, count, g, weights);
      descent(count, g, most, scales);
      scatter(count, g, most, codes);
    }
    definition.descent(x, at, count, g, to, most, weights, codes, scales);
  }

  private void descent(int count, int from, int most, float[] scales) {
    int end = count * LANES;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector bottom = FloatVector.broadcast(FLOATS, -most);
    FloatVector top = FloatVector.broadcast(FLOATS, most - 1);
    FloatVector largest = largest(count);
    VectorMask<Float> flat = largest.abs().compare(VectorOperators.LT, ScaleSearch.TINY);
    FloatVector factor = FloatVector.broadcast(FLOATS, -most).div(largest);
    FloatVector along = zero;
    FloatVector squares = zero;
    for (int k = 0; k < end; k += LANES) {
      FloatVector code = factor.mul(FloatVector.fromArray(FLOATS, values, k));
      code = code.blend(bottom, code.compare(VectorOperators.LT, bottom));
      code = code.blend(top, code.compare(VectorOperators.GT, top)).add(ROUNDER).sub(ROUNDER);
      code = code.blend(zero, flat);
      code.intoArray(trial, k);
      along = along.add(FloatVector.fromArray(FLOATS, weighed, k).mul(code));
      squares = squares.add(FloatVector.fromArray(FLOATS, weightsOf, k).mul(code).mul(code));
    }
    boolean changed = true;
    for (int sweep = 0; changed && sweep < ScaleSearch.SWEEPS; sweep++) {
      VectorMask<Float> any = FLOATS.maskAll(false);
      for (int k = 0; k < end; k += LANES) {
        FloatVector weight = FloatVector.fromArray(FLOATS, weightsOf, k);
        FloatVector value = FloatVector.fromArray(FLOATS, values, k);
        FloatVector product = FloatVector.fromArray(FLOATS, weighed, k);
        FloatVector old = FloatVector.fromArray(FLOATS, trial, k);
        FloatVector others = along.sub(product.mul(old));
        FloatVector theirs = squares.sub(weight.mul(old).mul(old));
        FloatVector code = value.mul(theirs).div(others);
        code = zero.blend(code, code.compare(VectorOperators.EQ, code));
        code = code.blend(bottom, code.compare(VectorOperators.LT, bottom));
        code = code.blend(top, code.compare(VectorOperators.GT, top)).add(ROUNDER).sub(ROUNDER);
        FloatVector nextAlong = others.add(product.mul(code));
        FloatVector nextSquares = theirs.add(weight.mul(code).mul(code));
        VectorMask<Float> taken =
            nextAlong
                .mul(nextAlong)
                .mul(squares)
                .compare(VectorOperators.GT, along.mul(along).mul(nextSquares))
                .and(others.compare(VectorOperators.GT, 0))
                .and(theirs.compare(VectorOperators.GT, 0))
                .and(code.compare(VectorOperators.NE, old))
                .andNot(flat);
        along = along.blend(nextAlong, taken);
        squares = squares.blend(nextSquares, taken);
        old.blend(code, taken).intoArray(trial, k);
        any = any.or(taken);
      }
      changed = any.anyTrue();
    }
    FloatVector scale = along.div(squares);
    scale
        .blend(zero, squares.compare(VectorOperators.GT, 0).not())
        .blend(zero, flat)
        .intoArray(scales, from);
  }

  @Override
  public void round(
      float[] x,
      int at,
      int count,
      float added,
      float scale,
      int least,
      int most,
      byte[] codes,
      int to) {
    FloatVector zero = FloatVector.zero(FLOATS);
    for (int j = 0; j < count; j += LANES) {
      FloatVector code = FloatVector.fromArray(FLOATS, x, at + j).add(added).div(scale);
      code = zero.blend(code, code.compare(VectorOperators.EQ, code));
      code = code.blend(least, code.compare(VectorOperators.LT, least));
      code = code.blend(most, code.compare(VectorOperators.GT, most)).add(ROUNDER).sub(ROUNDER);
      code.sub(least).intoArray(found, 0);
      for (int i = 0; i < LANES; i++) {
        codes[to + j + i] = (byte) (int) found[i];
      }
    }
  }
}
