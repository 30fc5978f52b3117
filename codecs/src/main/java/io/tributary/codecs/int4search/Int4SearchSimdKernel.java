package io.tributary.codecs.int4search;

import static io.tributary.codecs.int4search.Int4SearchBook.ROUNDER;
import static io.tributary.codecs.int4search.Int4SearchBook.ROUNDER_BITS;
import static io.tributary.codecs.int4search.Int4SearchBook.UNIT;
import static io.tributary.codecs.int4search.Int4SearchBook.WHOLE;
import static io.tributary.codecs.int4search.Int4SearchLayout.BLOCKS;
import static io.tributary.codecs.int4search.Int4SearchLayout.BOOK_SHIFT;
import static io.tributary.codecs.int4search.Int4SearchLayout.GROUP;
import static io.tributary.codecs.int4search.Int4SearchLayout.HALF_ROWS;
import static io.tributary.codecs.int4search.Int4SearchLayout.SCALES;
import static io.tributary.codecs.int4search.Int4SearchLayout.SCALE_SHIFT;
import static io.tributary.codecs.int4search.Int4SearchLayout.SIGN_SHIFT;
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

/** int4search by the Vector API: a lane is a block. */
final class Int4SearchSimdKernel implements Int4SearchKernel {
  private static final int MINUS = 0x8000_0000;
  private static final int SEVEN = Float.floatToRawIntBits(7f);
  private static final int SEVEN_TO_EIGHT = Float.floatToRawIntBits(8f) - SEVEN;

  private final Int4SearchScalarKernel rest = new Int4SearchScalarKernel();

  @Override
  public int largestMagnitude(float[] source, int from, int count) {
    int whole = count - count % LANES;
    IntVector largest = IntVector.zero(INTS);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, source, from + i);
      largest = largest.max(x.reinterpretAsInts().and(MAGNITUDE));
    }
    return Math.max(
        largest.reduceLanes(VectorOperators.MAX),
        rest.largestMagnitude(source, from + whole, count - whole));
  }

  @Override
  public void encode(float[] source, int from, int base, byte[] target, int at) {
    for (int block = 0; block < BLOCKS; block += LANES) {
      search(source, from + block, base, target, at + block);
      write(source, from + block, base, target, at + block);
    }
  }

  private static void search(float[] source, int from, int base, byte[] target, int at) {
    IntVector above = IntVector.zero(INTS);
    IntVector below = IntVector.zero(INTS);
    for (int i = 0; i < GROUP; i += BLOCKS) {
      IntVector bits = FloatVector.fromArray(FLOATS, source, from + i).reinterpretAsInts();
      above = above.max(bits);
      below = below.max(bits.lanewise(VectorOperators.ASHR, 31).and(bits).and(MAGNITUDE));
    }
    IntVector flipped = below.sub(above).lanewise(VectorOperators.LSHR, 31);
    IntVector sign = flipped.lanewise(VectorOperators.LSHL, 31);
    IntVector largest = above.max(below);
    IntVector least = IntVector.broadcast(INTS, Float.floatToRawIntBits(Float.POSITIVE_INFINITY));
    IntVector best = IntVector.zero(INTS);
    for (int number = 0; number < 2; number++) {
      Int4SearchBook book = number == 0 ? Int4SearchBook.FLAT : Int4SearchBook.BENT;
      IntVector fitting =
          largest
              .reinterpretAsFloats()
              .mul(book.end())
              .reinterpretAsInts()
              .lanewise(VectorOperators.ASHR, SCALE_SHIFT)
              .sub(base);
      for (int k = 0; k < Int4SearchBook.TRIED_SCALES; k++) {
        IntVector index = fitting.add(k).min(SCALES - 1).max(0);
        IntVector pattern = index.add(base).lanewise(VectorOperators.LSHL, SCALE_SHIFT);
        FloatVector scale = pattern.reinterpretAsFloats();
        FloatVector one = sign.or(Float.floatToRawIntBits(1f)).reinterpretAsFloats();
        IntVector error =
            error(source, from, one.div(scale), book).mul(scale).mul(scale).reinterpretAsInts();
        IntVector better = error.sub(least).lanewise(VectorOperators.ASHR, 31);
        IntVector candidate = index.or(number << BOOK_SHIFT);
        least = least.min(error);
        best =
            best.lanewise(
                VectorOperators.XOR, best.lanewise(VectorOperators.XOR, candidate).and(better));
      }
    }
    IntVector parameters = best.or(flipped.lanewise(VectorOperators.LSHL, SIGN_SHIFT));
    if (FOUR) {
      SimdLanes.putFourBytes(parameters, target, at);
    } else {
      ((ByteVector) parameters.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(target, at);
    }
  }

  private static FloatVector error(
      float[] source, int from, FloatVector factor, Int4SearchBook book) {
    FloatVector error = FloatVector.zero(FLOATS);
    FloatVector cube = FloatVector.broadcast(FLOATS, book.cube());
    FloatVector square = FloatVector.broadcast(FLOATS, book.square());
    FloatVector linear = FloatVector.broadcast(FLOATS, book.linear());
    FloatVector bend = FloatVector.broadcast(FLOATS, book.bend());
    FloatVector whole = FloatVector.broadcast(FLOATS, WHOLE);
    FloatVector unit = FloatVector.broadcast(FLOATS, -UNIT);
    for (int i = 0; i < GROUP; i += BLOCKS) {
      IntVector y = FloatVector.fromArray(FLOATS, source, from + i).mul(factor).reinterpretAsInts();
      IntVector most = y.lanewise(VectorOperators.ASHR, 31).and(SEVEN_TO_EIGHT).add(SEVEN);
      FloatVector a = y.and(MAGNITUDE).reinterpretAsFloats();
      FloatVector g = cube.fma(a, square).fma(a, linear).mul(a);
      FloatVector magnitude =
          g.reinterpretAsInts().min(most).reinterpretAsFloats().add(ROUNDER).sub(ROUNDER);
      FloatVector off = magnitude.mul(bend.fma(magnitude, whole)).fma(unit, a);
      error = off.fma(off, error);
    }
    return error;
  }

  private static void write(float[] source, int from, int base, byte[] target, int at) {
    IntVector parameters =
        FOUR
            ? SimdLanes.getFourBytes(target, at)
            : (IntVector)
                ByteVector.fromArray(BYTES, target, at).convertShape(VectorOperators.B2I, INTS, 0);
    // The book is the byte's highest bit, so its sign.
    IntVector bent = parameters.lanewise(VectorOperators.ASHR, 31);
    FloatVector scale =
        parameters
            .and(SCALES - 1)
            .add(base)
            .lanewise(VectorOperators.LSHL, SCALE_SHIFT)
            .reinterpretAsFloats();
    IntVector sign = parameters.lanewise(VectorOperators.LSHL, 31 - SIGN_SHIFT).and(MINUS);
    FloatVector one = sign.or(Float.floatToRawIntBits(1f)).reinterpretAsFloats();
    FloatVector factor = one.div(scale);
    FloatVector cube = choose(bent, Int4SearchBook.FLAT.cube(), Int4SearchBook.BENT.cube());
    FloatVector square = choose(bent, Int4SearchBook.FLAT.square(), Int4SearchBook.BENT.square());
    FloatVector linear = choose(bent, Int4SearchBook.FLAT.linear(), Int4SearchBook.BENT.linear());
    for (int row = 0; row < HALF_ROWS; row++) {
      int low = from + BLOCKS * row;
      IntVector pair = IntVector.zero(INTS);
      // One call for both halves: the compiler wouldn't inline a second one, and its vectors would
      // be objects.
      for (int i = low + BLOCKS * HALF_ROWS; i >= low; i -= BLOCKS * HALF_ROWS) {
        IntVector code = code(source, i, factor, cube, square, linear);
        pair = pair.lanewise(VectorOperators.LSHL, 4).or(code.and(0xF));
      }
      int to = at + BLOCKS * (row + 1);
      if (FOUR) {
        SimdLanes.putFourBytes(pair, target, to);
      } else {
        ((ByteVector) pair.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(target, to);
      }
    }
  }

  private static FloatVector choose(IntVector second, float one, float other) {
    int first = Float.floatToRawIntBits(one);
    return second
        .and(first ^ Float.floatToRawIntBits(other))
        .lanewise(VectorOperators.XOR, first)
        .reinterpretAsFloats();
  }

  private static IntVector code(
      float[] source,
      int from,
      FloatVector factor,
      FloatVector cube,
      FloatVector square,
      FloatVector linear) {
    IntVector y = FloatVector.fromArray(FLOATS, source, from).mul(factor).reinterpretAsInts();
    IntVector negative = y.lanewise(VectorOperators.ASHR, 31);
    IntVector most = negative.and(SEVEN_TO_EIGHT).add(SEVEN);
    FloatVector a = y.and(MAGNITUDE).reinterpretAsFloats();
    FloatVector g = cube.fma(a, square).fma(a, linear).mul(a);
    IntVector magnitude =
        g.reinterpretAsInts()
            .min(most)
            .reinterpretAsFloats()
            .add(ROUNDER)
            .reinterpretAsInts()
            .sub(ROUNDER_BITS);
    return magnitude.lanewise(VectorOperators.XOR, negative).sub(negative);
  }

  @Override
  public void decode(byte[] source, int at, int base, float[] target, int from) {
    for (int block = 0; block < BLOCKS; block += LANES) {
      IntVector parameters =
          FOUR
              ? SimdLanes.getFourBytes(source, at + block)
              : (IntVector)
                  ByteVector.fromArray(BYTES, source, at + block)
                      .convertShape(VectorOperators.B2I, INTS, 0);
      FloatVector bend =
          choose(
              parameters.lanewise(VectorOperators.ASHR, 31),
              Int4SearchBook.FLAT.bend(),
              Int4SearchBook.BENT.bend());
      IntVector sign = parameters.lanewise(VectorOperators.LSHL, 31 - SIGN_SHIFT).and(MINUS);
      FloatVector factor =
          parameters
              .and(SCALES - 1)
              .add(base)
              .lanewise(VectorOperators.LSHL, SCALE_SHIFT)
              .or(sign)
              .reinterpretAsFloats()
              .mul(UNIT);
      FloatVector whole = FloatVector.broadcast(FLOATS, WHOLE);
      for (int row = 0; row < HALF_ROWS; row++) {
        int i = at + BLOCKS * (row + 1) + block;
        IntVector both =
            FOUR
                ? SimdLanes.getFourBytes(source, i)
                : (IntVector)
                    ByteVector.fromArray(BYTES, source, i)
                        .convertShape(VectorOperators.B2I, INTS, 0);
        IntVector low = both.lanewise(VectorOperators.LSHL, 28).lanewise(VectorOperators.ASHR, 28);
        IntVector high = both.lanewise(VectorOperators.ASHR, 4);
        FloatVector x = (FloatVector) low.convertShape(VectorOperators.I2F, FLOATS, 0);
        FloatVector z = (FloatVector) high.convertShape(VectorOperators.I2F, FLOATS, 0);
        int to = from + BLOCKS * row + block;
        x.mul(bend.fma(x.abs(), whole)).mul(factor).intoArray(target, to);
        z.mul(bend.fma(z.abs(), whole)).mul(factor).intoArray(target, to + BLOCKS * HALF_ROWS);
      }
    }
  }
}
