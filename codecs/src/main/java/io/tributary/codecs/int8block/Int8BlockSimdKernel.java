package io.tributary.codecs.int8block;

import static io.tributary.codecs.block.BlockLayout.GROUP;
import static io.tributary.codecs.block.BlockLayout.HALF;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;
import static io.tributary.codecs.int8block.Int8BlockLayout.ROUNDER;
import static io.tributary.codecs.internal.SimdLanes.BYTES;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.FOUR;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import io.tributary.codecs.block.BlockSimdKernel;
import io.tributary.codecs.internal.SimdLanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** int8block by the Vector API. */
final class Int8BlockSimdKernel extends BlockSimdKernel {
  Int8BlockSimdKernel() {
    super(Int8BlockLayout.LAYOUT, new Int8BlockScalarKernel());
  }

  @Override
  protected void encodeGroups(
      float[] source, int from, int groups, int shift, byte[] target, int scalesAt, int codesAt) {
    FloatVector rounder = FloatVector.broadcast(FLOATS, ROUNDER);
    for (int i = 0; i < groups; i++) {
      FloatVector factor = reciprocal(target, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < GROUP; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + GROUP * i + j);
        IntVector code = x.fma(factor, rounder).reinterpretAsInts();
        int at = codesAt + GROUP * i + j;
        if (FOUR) {
          SimdLanes.putFourBytes(code, target, at);
        } else {
          ((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(target, at);
        }
      }
    }
  }

  @Override
  protected void encodeHalves(
      float[] source, int from, int groups, byte[] target, int scalesAt, int codesAt) {
    FloatVector rounder = FloatVector.broadcast(FLOATS, ROUNDER);
    for (int i = 0; i < 2 * groups; i++) {
      FloatVector factor = reciprocal(target, scalesAt + SCALE_BYTES * i);
      for (int j = 0; j < HALF; j += LANES) {
        FloatVector x = FloatVector.fromArray(FLOATS, source, from + HALF * i + j);
        IntVector code = x.fma(factor, rounder).reinterpretAsInts();
        int at = codesAt + HALF * i + j;
        if (FOUR) {
          SimdLanes.putFourBytes(code, target, at);
        } else {
          ((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(target, at);
        }
      }
    }
  }

  @Override
  protected void decodeGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from) {
    for (int i = 0; i < groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < GROUP; j += LANES) {
        int at = codesAt + GROUP * i + j;
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(source, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector x =
            ((FloatVector) code.convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scale);
        int to = from + GROUP * i + j;
        x.intoArray(target, to);
      }
    }
  }

  @Override
  protected void accumulateGroups(
      byte[] source, int scalesAt, int codesAt, int groups, int shift, float[] target, int from) {
    for (int i = 0; i < groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * (i >>> shift));
      for (int j = 0; j < GROUP; j += LANES) {
        int at = codesAt + GROUP * i + j;
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(source, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector x =
            ((FloatVector) code.convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scale);
        int to = from + GROUP * i + j;
        FloatVector.fromArray(FLOATS, target, to).add(x).intoArray(target, to);
      }
    }
  }

  @Override
  protected void decodeHalves(
      byte[] source, int scalesAt, int codesAt, int groups, boolean add, float[] target, int from) {
    for (int i = 0; i < 2 * groups; i++) {
      FloatVector scale = scale(source, scalesAt + SCALE_BYTES * i);
      for (int j = 0; j < HALF; j += LANES) {
        int at = codesAt + HALF * i + j;
        IntVector code =
            FOUR
                ? SimdLanes.getFourBytes(source, at)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, at)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        FloatVector x =
            ((FloatVector) code.convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scale);
        int to = from + HALF * i + j;
        if (add) {
          FloatVector.fromArray(FLOATS, target, to).add(x).intoArray(target, to);
        } else {
          x.intoArray(target, to);
        }
      }
    }
  }
}
