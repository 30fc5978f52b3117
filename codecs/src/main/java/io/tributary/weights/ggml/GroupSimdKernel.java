package io.tributary.weights.ggml;

import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;
import static io.tributary.weights.ggml.GroupScalarKernel.ROUNDER;
import static io.tributary.weights.ggml.GroupScalarKernel.ROUNDER_BITS;
import static io.tributary.weights.ggml.GroupScalarKernel.TINY;
import static io.tributary.weights.ggml.GroupStrip.GROUPS;

import io.tributary.codecs.internal.SimdLanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The same by the Vector API. Lanes are groups, so that each group's sums keep the definition's
 * order; what happens to some of them alone is a mask. Codes, which are no sums, are made in the
 * values' own order.
 */
final class GroupSimdKernel implements GroupKernel {
  private static final FloatVector ROUNDERS = FloatVector.broadcast(FLOATS, ROUNDER);

  private final float[] below = new float[GROUPS];
  private final float[] factors = new float[GROUPS];
  private float[] pulls = {};

  /** 0 for 0. */
  private static FloatVector inverse(FloatVector number) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector inverse = FloatVector.broadcast(FLOATS, 1).div(number);
    return inverse.blend(zero, number.compare(VectorOperators.EQ, 0));
  }

  private static FloatVector meanSquare(GroupStrip strip, int lane) {
    float[] values = strip.values;
    FloatVector squares = FloatVector.zero(FLOATS);
    for (int k = lane; k < values.length; k += GROUPS) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, k);
      squares = value.fma(value, squares);
    }
    return squares.div(strip.length);
  }

  @Override
  public void weighBySize(GroupStrip strip, float share) {
    float[] values = strip.values;
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      FloatVector root = meanSquare(strip, lane).sqrt().mul(share);
      for (int k = lane; k < values.length; k += GROUPS) {
        root.add(FloatVector.fromArray(FLOATS, values, k).abs()).intoArray(strip.weights, k);
      }
    }
  }

  @Override
  public void weighBySquare(GroupStrip strip) {
    float[] values = strip.values;
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      FloatVector added = meanSquare(strip, lane);
      for (int k = lane; k < values.length; k += GROUPS) {
        FloatVector value = FloatVector.fromArray(FLOATS, values, k);
        value.fma(value, added).intoArray(strip.weights, k);
      }
    }
  }

  @Override
  public void affine(GroupStrip strip, int most, Trials trials) {
    if (pulls.length < strip.values.length) {
      pulls = new float[strip.values.length];
    }
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      affine(strip, lane, most, trials);
    }
  }

  private void affine(GroupStrip strip, int lane, int most, Trials trials) {
    float[] values = strip.values;
    float[] weights = strip.weights;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector low = zero;
    FloatVector high = FloatVector.fromArray(FLOATS, values, lane);
    FloatVector sum = zero;
    FloatVector sumX = zero;
    for (int k = lane; k < values.length; k += GROUPS) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, k);
      FloatVector weight = FloatVector.fromArray(FLOATS, weights, k);
      low = low.min(value);
      high = high.max(value);
      sum = sum.add(weight);
      sumX = weight.fma(value, sumX);
    }
    FloatVector span = high.sub(low);
    VectorMask<Float> spread =
        span.compare(VectorOperators.GE, TINY)
            .and(span.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
    FloatVector scale = zero.blend(span.div(most), spread);
    FloatVector minimum = low.neg();
    FloatVector mean = zero.blend(sumX.div(sum), sum.compare(VectorOperators.GT, 0));
    FloatVector offset = mean.mul(sumX).neg();
    for (int k = lane; k < values.length; k += GROUPS) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, k);
      FloatVector.fromArray(FLOATS, weights, k).mul(value.sub(mean)).intoArray(pulls, k);
    }
    FloatVector best = zero;
    for (int t = 0; t < trials.count(); t++) {
      FloatVector factor =
          FloatVector.broadcast(FLOATS, most + trials.spread(t)).div(high.add(minimum));
      FloatVector sumC = zero;
      FloatVector sumCc = zero;
      FloatVector pull = zero;
      for (int k = lane; k < values.length; k += GROUPS) {
        FloatVector code =
            code(FloatVector.fromArray(FLOATS, values, k).add(minimum), factor, 0, most);
        FloatVector share = FloatVector.fromArray(FLOATS, weights, k).mul(code);
        sumC = sumC.add(share);
        sumCc = share.fma(code, sumCc);
        pull = FloatVector.fromArray(FLOATS, pulls, k).fma(code, pull);
      }
      FloatVector part = sumC.div(sum);
      FloatVector wide = part.neg().fma(sumC, sumCc);
      FloatVector newScale = pull.div(wide);
      FloatVector newLow = newScale.neg().fma(part, mean);
      FloatVector gain = newScale.mul(pull);
      VectorMask<Float> above = newLow.compare(VectorOperators.GT, 0);
      FloatVector whole = mean.fma(sumC, pull);
      FloatVector alone = whole.div(sumCc);
      newLow = newLow.blend(zero, above);
      newScale = newScale.blend(alone, above);
      gain = gain.blend(alone.fma(whole, offset), above);
      VectorMask<Float> better =
          gain.compare(VectorOperators.GT, best)
              .and(wide.compare(VectorOperators.GT, 0))
              .and(spread);
      best = best.blend(gain, better);
      scale = scale.blend(newScale, better);
      minimum = minimum.blend(zero.sub(newLow), better);
    }
    scale.intoArray(strip.scales, lane);
    minimum.intoArray(strip.minima, lane);
  }

  @Override
  public void symmetric(GroupStrip strip, int most, Trials trials) {
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      symmetric(strip, lane, most, trials);
    }
  }

  private static void symmetric(GroupStrip strip, int lane, int most, Trials trials) {
    float[] values = strip.values;
    float[] weights = strip.weights;
    FloatVector zero = FloatVector.zero(FLOATS);
    // Bits of numbers of a sign have their order, and their largest costs less than that of floats.
    IntVector low = IntVector.zero(INTS);
    IntVector high = IntVector.zero(INTS);
    for (int k = lane; k < values.length; k += GROUPS) {
      IntVector bits = FloatVector.fromArray(FLOATS, values, k).reinterpretAsInts();
      low = low.max(bits.lanewise(VectorOperators.XOR, Integer.MIN_VALUE));
      high = high.max(bits);
    }
    FloatVector lowest = low.reinterpretAsFloats();
    FloatVector highest = high.reinterpretAsFloats();
    FloatVector largest = highest.blend(lowest.neg(), highest.compare(VectorOperators.LT, lowest));
    VectorMask<Float> spread = largest.abs().compare(VectorOperators.GE, TINY);
    FloatVector best = zero;
    FloatVector scale = zero;
    // Three trials at once: each waits for its sums, one addition after the other.
    for (int t = 0; t < trials.count(); t += 3) {
      FloatVector firstFactor =
          FloatVector.broadcast(FLOATS, -(most + trials.spread(t))).div(largest);
      FloatVector firstAlong = zero;
      FloatVector firstSquares = zero;
      FloatVector secondFactor =
          FloatVector.broadcast(FLOATS, -(most + trials.spread(t + 1))).div(largest);
      FloatVector secondAlong = zero;
      FloatVector secondSquares = zero;
      FloatVector thirdFactor =
          FloatVector.broadcast(FLOATS, -(most + trials.spread(t + 2))).div(largest);
      FloatVector thirdAlong = zero;
      FloatVector thirdSquares = zero;
      for (int k = lane; k < values.length; k += GROUPS) {
        FloatVector value = FloatVector.fromArray(FLOATS, values, k);
        FloatVector weight = FloatVector.fromArray(FLOATS, weights, k);
        FloatVector first = code(value, firstFactor, -most, most - 1);
        FloatVector firstShare = weight.mul(first);
        firstAlong = firstShare.fma(value, firstAlong);
        firstSquares = firstShare.fma(first, firstSquares);
        FloatVector second = code(value, secondFactor, -most, most - 1);
        FloatVector secondShare = weight.mul(second);
        secondAlong = secondShare.fma(value, secondAlong);
        secondSquares = secondShare.fma(second, secondSquares);
        FloatVector third = code(value, thirdFactor, -most, most - 1);
        FloatVector thirdShare = weight.mul(third);
        thirdAlong = thirdShare.fma(value, thirdAlong);
        thirdSquares = thirdShare.fma(third, thirdSquares);
      }
      FloatVector firstScale = firstAlong.div(firstSquares);
      FloatVector firstGain = firstScale.mul(firstAlong);
      VectorMask<Float> firstBetter =
          firstGain
              .compare(VectorOperators.GT, best)
              .and(firstSquares.compare(VectorOperators.GT, 0))
              .and(spread);
      best = best.blend(firstGain, firstBetter);
      scale = scale.blend(firstScale, firstBetter);
      FloatVector secondScale = secondAlong.div(secondSquares);
      FloatVector secondGain = secondScale.mul(secondAlong);
      VectorMask<Float> secondBetter =
          secondGain
              .compare(VectorOperators.GT, best)
              .and(secondSquares.compare(VectorOperators.GT, 0))
              .and(spread);
      best = best.blend(secondGain, secondBetter);
      scale = scale.blend(secondScale, secondBetter);
      FloatVector thirdScale = thirdAlong.div(thirdSquares);
      FloatVector thirdGain = thirdScale.mul(thirdAlong);
      VectorMask<Float> thirdBetter =
          thirdGain
              .compare(VectorOperators.GT, best)
              .and(thirdSquares.compare(VectorOperators.GT, 0))
              .and(spread);
      best = best.blend(thirdGain, thirdBetter);
      scale = scale.blend(thirdScale, thirdBetter);
    }
    scale.intoArray(strip.scales, lane);
  }

  @Override
  public void affineSteps(GroupStrip strip, int most, int mostScale) {
    float[] values = strip.values;
    float[] weights = strip.weights;
    FloatVector zero = FloatVector.zero(FLOATS);
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      FloatVector unit = FloatVector.fromArray(FLOATS, strip.scaleUnits, lane);
      FloatVector minimumUnit = FloatVector.fromArray(FLOATS, strip.minimumUnits, lane);
      FloatVector perUnit = inverse(unit);
      FloatVector perMinimumUnit = inverse(minimumUnit);
      FloatVector scale =
          code(FloatVector.fromArray(FLOATS, strip.scales, lane), perUnit, 0, mostScale);
      FloatVector minimum =
          code(FloatVector.fromArray(FLOATS, strip.minima, lane), perMinimumUnit, 0, mostScale);
      FloatVector below = minimumUnit.mul(minimum);
      FloatVector factor = inverse(unit.mul(scale));
      FloatVector sum = zero;
      FloatVector sumX = zero;
      FloatVector sumC = zero;
      FloatVector sumCc = zero;
      FloatVector sumXc = zero;
      for (int k = lane; k < values.length; k += GROUPS) {
        FloatVector value = FloatVector.fromArray(FLOATS, values, k);
        FloatVector weight = FloatVector.fromArray(FLOATS, weights, k);
        FloatVector code = code(value.add(below), factor, 0, most);
        FloatVector share = weight.mul(code);
        sum = sum.add(weight);
        sumX = weight.fma(value, sumX);
        sumC = sumC.add(share);
        sumCc = share.fma(code, sumCc);
        sumXc = share.fma(value, sumXc);
      }
      VectorMask<Float> coded = sumCc.compare(VectorOperators.GT, 0);
      scale = scale.blend(code(below.fma(sumC, sumXc).div(sumCc), perUnit, 0, mostScale), coded);
      FloatVector wanted = unit.mul(scale).fma(sumC, sumX.neg()).div(sum);
      minimum = minimum.blend(code(wanted, perMinimumUnit, 0, mostScale), coded);
      scale.intoArray(strip.scaleCodes, lane);
      minimum.intoArray(strip.minimumCodes, lane);
      sum.intoArray(strip.sumW, lane);
      sumX.intoArray(strip.sumX, lane);
      sumC.intoArray(strip.sumC, lane);
      sumCc.intoArray(strip.sumCc, lane);
      sumXc.intoArray(strip.sumXc, lane);
    }
    putBytes(strip.scaleCodes, strip.scaleBytes);
    putBytes(strip.minimumCodes, strip.minimumBytes);
  }

  /** The whole numbers nearest to {@code value * factor}, within bounds. */
  private static FloatVector code(FloatVector value, FloatVector factor, int least, int most) {
    return value
        .fma(factor, ROUNDERS)
        .reinterpretAsInts()
        .max(ROUNDER_BITS + least)
        .min(ROUNDER_BITS + most)
        .reinterpretAsFloats()
        .sub(ROUNDERS);
  }

  @Override
  public void symmetricSteps(GroupStrip strip, int most, int mostScale) {
    float[] values = strip.values;
    float[] weights = strip.weights;
    FloatVector zero = FloatVector.zero(FLOATS);
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      FloatVector unit = FloatVector.fromArray(FLOATS, strip.scaleUnits, lane);
      FloatVector perUnit = inverse(unit);
      FloatVector found = FloatVector.fromArray(FLOATS, strip.scales, lane);
      FloatVector scale = code(found, perUnit, -mostScale, mostScale - 1);
      FloatVector factor = inverse(unit.mul(scale));
      FloatVector along = zero;
      FloatVector squares = zero;
      for (int k = lane; k < values.length; k += GROUPS) {
        FloatVector value = FloatVector.fromArray(FLOATS, values, k);
        FloatVector code = code(value, factor, -most, most - 1);
        FloatVector share = FloatVector.fromArray(FLOATS, weights, k).mul(code);
        along = share.fma(value, along);
        squares = share.fma(code, squares);
      }
      FloatVector better = code(along.div(squares), perUnit, -mostScale, mostScale - 1);
      scale.blend(better, squares.compare(VectorOperators.GT, 0)).intoArray(strip.scaleCodes, lane);
      along.intoArray(strip.sumXc, lane);
      squares.intoArray(strip.sumCc, lane);
    }
    putBytes(strip.scaleCodes, strip.scaleBytes);
  }

  @Override
  public void affineCodes(GroupStrip strip, int most) {
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      FloatVector.fromArray(FLOATS, strip.minimumUnits, lane)
          .mul(FloatVector.fromArray(FLOATS, strip.minimumCodes, lane))
          .intoArray(below, lane);
    }
    codes(strip, 0, most);
  }

  @Override
  public void symmetricCodes(GroupStrip strip, int most) {
    Arrays.fill(below, 0);
    codes(strip, -most, most - 1);
  }

  private void codes(GroupStrip strip, int least, int most) {
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      inverse(
              FloatVector.fromArray(FLOATS, strip.scaleUnits, lane)
                  .mul(FloatVector.fromArray(FLOATS, strip.scaleCodes, lane)))
          .intoArray(factors, lane);
    }
    float[] source = strip.source;
    byte[] codes = strip.codes;
    int at = strip.at;
    int shift = Integer.numberOfTrailingZeros(strip.length);
    int count = strip.groups << shift;
    for (int k = 0; k < count; k += LANES) {
      IntVector whole =
          FloatVector.fromArray(FLOATS, source, at + k)
              .add(below[k >> shift])
              .fma(FloatVector.broadcast(FLOATS, factors[k >> shift]), ROUNDERS)
              .reinterpretAsInts()
              .max(ROUNDER_BITS + least)
              .min(ROUNDER_BITS + most)
              .sub(ROUNDER_BITS + least);
      SimdLanes.putBytes(whole, codes, k);
    }
  }

  private static void putBytes(float[] whole, byte[] target) {
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      FloatVector numbers = FloatVector.fromArray(FLOATS, whole, lane);
      SimdLanes.putBytes(numbers.add(ROUNDERS).reinterpretAsInts(), target, lane);
    }
  }
}
