package io.tributary.codecs.intblock;

import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import io.tributary.codecs.block.BlockScale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * The rotation by the Vector API. Within a vector, a butterfly adds each lane, negated in the upper
 * one of two, to its partner; between vectors it needs no exchange.
 */
final class RotationSimdKernel implements Rotation {
  private static final float[] SIGNS = Rotation.signs(1);

  private static final VectorShuffle<Float> PARTNER_1 = partner(1);
  private static final VectorShuffle<Float> PARTNER_2 = partner(2);
  private static final VectorShuffle<Float> PARTNER_4 = partner(4);
  private static final VectorShuffle<Float> PARTNER_8 = partner(8);
  private static final float[] UPPER_NEGATED_1 = upperNegated(1);
  private static final float[] UPPER_NEGATED_2 = upperNegated(2);
  private static final float[] UPPER_NEGATED_4 = upperNegated(4);
  private static final float[] UPPER_NEGATED_8 = upperNegated(8);

  private static VectorShuffle<Float> partner(int distance) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ distance) % LANES);
  }

  private static float[] upperNegated(int distance) {
    var factors = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      factors[i] = (i & distance) == 0 ? 1 : -1;
    }
    return factors;
  }

  @Override
  public void forward(float[] source, int from, int count, int block, float[] target) {
    for (int i = 0; i < count; i += block) {
      float factor = 0.5f / block;
      for (int j = 0; j < block; j += LANES) {
        FloatVector.fromArray(FLOATS, source, from + i + j)
            .mul(FloatVector.fromArray(FLOATS, SIGNS, j).mul(factor))
            .intoArray(target, i + j);
      }
    }
    transform(target, count, block);
  }

  @Override
  public void backward(float[] values, int count, int block, byte[] scales, int scalesAt) {
    transform(values, count, block);
    for (int i = 0, at = scalesAt; i < count; i += block, at += SCALE_BYTES) {
      float scale = 2 * BlockScale.value(BlockScale.get(scales, at));
      for (int j = 0; j < block; j += LANES) {
        FloatVector factor = FloatVector.fromArray(FLOATS, SIGNS, j).mul(scale);
        FloatVector.fromArray(FLOATS, values, i + j)
            .fma(factor, FloatVector.zero(FLOATS))
            .min(Float.MAX_VALUE)
            .max(-Float.MAX_VALUE)
            .intoArray(values, i + j);
      }
    }
  }

  private static void transform(float[] values, int count, int block) {
    FloatVector upper1 = FloatVector.fromArray(FLOATS, UPPER_NEGATED_1, 0);
    FloatVector upper2 = FloatVector.fromArray(FLOATS, UPPER_NEGATED_2, 0);
    FloatVector upper4 = FloatVector.fromArray(FLOATS, UPPER_NEGATED_4, 0);
    FloatVector upper8 = FloatVector.fromArray(FLOATS, UPPER_NEGATED_8, 0);
    for (int i = 0; i < count; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, values, i);
      x = x.fma(upper1, x.rearrange(PARTNER_1));
      x = x.fma(upper2, x.rearrange(PARTNER_2));
      if (LANES >= 8) {
        x = x.fma(upper4, x.rearrange(PARTNER_4));
      }
      if (LANES >= 16) {
        x = x.fma(upper8, x.rearrange(PARTNER_8));
      }
      x.intoArray(values, i);
    }
    for (int h = LANES; h < block; h <<= 1) {
      for (int i = 0; i < count; i += 2 * h) {
        for (int j = i; j < i + h; j += LANES) {
          FloatVector a = FloatVector.fromArray(FLOATS, values, j);
          FloatVector b = FloatVector.fromArray(FLOATS, values, j + h);
          a.add(b).intoArray(values, j);
          a.sub(b).intoArray(values, j + h);
        }
      }
    }
  }
}
