package io.tributary.weights.ggml;

import static io.tributary.codecs.internal.SimdLanes.BYTES;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.FOUR;
import static io.tributary.codecs.internal.SimdLanes.LANES;
import static io.tributary.weights.ggml.GroupScalarKernel.ROUNDER;
import static io.tributary.weights.ggml.GroupScalarKernel.ROUNDER_BITS;
import static io.tributary.weights.ggml.GroupScalarKernel.TINY;
import static io.tributary.weights.ggml.GroupStrip.GROUPS;

import io.tributary.codecs.internal.SimdLanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The same by the Vector API. Lanes are groups, so that each group's sums keep the definition's
 * order; what happens to some of them alone is a mask.
 */
final class GroupSimdKernel implements GroupKernel {
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
    FloatVector rounder = FloatVector.broadcast(FLOATS, ROUNDER);
    FloatVector best = zero;
    for (int t = 0; t < trials.count(); t++) {
      FloatVector factor =
          FloatVector.broadcast(FLOATS, most + trials.first() + trials.step() * t)
              .div(high.add(minimum));
      FloatVector sumC = zero;
      FloatVector sumCc = zero;
      FloatVector pull = zero;
      for (int k = lane; k < values.length; k += GROUPS) {
        FloatVector code =
            FloatVector.fromArray(FLOATS, values, k)
                .add(minimum)
                .fma(factor, rounder)
                .reinterpretAsInts()
                .max(ROUNDER_BITS)
                .min(ROUNDER_BITS + most)
                .reinterpretAsFloats()
                .sub(rounder);
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
    FloatVector largest = zero;
    for (int k = lane; k < values.length; k += GROUPS) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, k);
      largest = largest.blend(value, value.abs().compare(VectorOperators.GT, largest.abs()));
    }
    VectorMask<Float> spread = largest.abs().compare(VectorOperators.GE, TINY);
    FloatVector rounder = FloatVector.broadcast(FLOATS, ROUNDER);
    FloatVector best = zero;
    FloatVector scale = zero;
    for (int t = 0; t < trials.count(); t++) {
      FloatVector factor =
          FloatVector.broadcast(FLOATS, -(most + trials.first() + trials.step() * t)).div(largest);
      FloatVector along = zero;
      FloatVector squares = zero;
      for (int k = lane; k < values.length; k += GROUPS) {
        FloatVector value = FloatVector.fromArray(FLOATS, values, k);
        FloatVector code =
            value
                .fma(factor, rounder)
                .reinterpretAsInts()
                .max(ROUNDER_BITS - most)
                .min(ROUNDER_BITS + most - 1)
                .reinterpretAsFloats()
                .sub(rounder);
        FloatVector share = FloatVector.fromArray(FLOATS, weights, k).mul(code);
        along = share.fma(value, along);
        squares = share.fma(code, squares);
      }
      FloatVector newScale = along.div(squares);
      FloatVector gain = newScale.mul(along);
      VectorMask<Float> better =
          gain.compare(VectorOperators.GT, best)
              .and(squares.compare(VectorOperators.GT, 0))
              .and(spread);
      best = best.blend(gain, better);
      scale = scale.blend(newScale, better);
    }
    scale.intoArray(strip.scales, lane);
  }

  @Override
  public void affineSteps(GroupStrip strip, int most, int mostScale) {
    float[] values = strip.values;
    float[] weights = strip.weights;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector rounder = FloatVector.broadcast(FLOATS, ROUNDER);
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
        FloatVector code =
            value
                .add(below)
                .fma(factor, rounder)
                .reinterpretAsInts()
                .max(ROUNDER_BITS)
                .min(ROUNDER_BITS + most)
                .reinterpretAsFloats()
                .sub(rounder);
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
  }

  /** The whole numbers nearest to {@code value * factor}, within bounds. */
  private static FloatVector code(FloatVector value, FloatVector factor, int least, int most) {
    FloatVector rounder = FloatVector.broadcast(FLOATS, ROUNDER);
    return value
        .fma(factor, rounder)
        .reinterpretAsInts()
        .max(ROUNDER_BITS + least)
        .min(ROUNDER_BITS + most)
        .reinterpretAsFloats()
        .sub(rounder);
  }

  @Override
  public void symmetricSteps(GroupStrip strip, int most, int mostScale) {
    float[] values = strip.values;
    float[] weights = strip.weights;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector rounder = FloatVector.broadcast(FLOATS, ROUNDER);
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
        FloatVector code =
            value
                .fma(factor, rounder)
                .reinterpretAsInts()
                .max(ROUNDER_BITS - most)
                .min(ROUNDER_BITS + most - 1)
                .reinterpretAsFloats()
                .sub(rounder);
        FloatVector share = FloatVector.fromArray(FLOATS, weights, k).mul(code);
        along = share.fma(value, along);
        squares = share.fma(code, squares);
      }
      FloatVector better = code(along.div(squares), perUnit, -mostScale, mostScale - 1);
      scale.blend(better, squares.compare(VectorOperators.GT, 0)).intoArray(strip.scaleCodes, lane);
      along.intoArray(strip.sumXc, lane);
      squares.intoArray(strip.sumCc, lane);
    }
  }

  @Override
  public void affineCodes(GroupStrip strip, int most) {
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      FloatVector unit = FloatVector.fromArray(FLOATS, strip.scaleUnits, lane);
      FloatVector minimumUnit = FloatVector.fromArray(FLOATS, strip.minimumUnits, lane);
      codes(
          strip,
          lane,
          minimumUnit.mul(FloatVector.fromArray(FLOATS, strip.minimumCodes, lane)),
          inverse(unit.mul(FloatVector.fromArray(FLOATS, strip.scaleCodes, lane))),
          0,
          most);
    }
  }

  @Override
  public void symmetricCodes(GroupStrip strip, int most) {
    for (int lane = 0; lane < GROUPS; lane += LANES) {
      FloatVector unit = FloatVector.fromArray(FLOATS, strip.scaleUnits, lane);
      codes(
          strip,
          lane,
          FloatVector.zero(FLOATS),
          inverse(unit.mul(FloatVector.fromArray(FLOATS, strip.scaleCodes, lane))),
          -most,
          most - 1);
    }
  }

  private static void codes(
      GroupStrip strip, int lane, FloatVector below, FloatVector factor, int least, int most) {
    float[] values = strip.values;
    byte[] codes = strip.codes;
    FloatVector rounder = FloatVector.broadcast(FLOATS, ROUNDER);
    for (int k = lane; k < values.length; k += GROUPS) {
      IntVector whole =
          FloatVector.fromArray(FLOATS, values, k)
              .add(below)
              .fma(factor, rounder)
              .reinterpretAsInts()
              .max(ROUNDER_BITS + least)
              .min(ROUNDER_BITS + most)
              .sub(ROUNDER_BITS + least);
      if (FOUR) {
        SimdLanes.putFourBytes(whole, codes, k);
      } else {
        ((ByteVector) whole.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(codes, k);
      }
    }
  }
}
