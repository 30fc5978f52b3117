package io.tributary.codecs.int4search;

import static io.tributary.codecs.int4search.Int4SearchBook.ROUNDER;
import static io.tributary.codecs.int4search.Int4SearchBook.ROUNDER_BITS;
import static io.tributary.codecs.int4search.Int4SearchBook.UNIT;
import static io.tributary.codecs.int4search.Int4SearchBook.WHOLE;
import static io.tributary.codecs.int4search.Int4SearchLayout.BLOCKS;
import static io.tributary.codecs.int4search.Int4SearchLayout.BOOK_SHIFT;
import static io.tributary.codecs.int4search.Int4SearchLayout.GROUP;
import static io.tributary.codecs.int4search.Int4SearchLayout.HALF_ROWS;
import static io.tributary.codecs.int4search.Int4SearchLayout.ROWS;
import static io.tributary.codecs.int4search.Int4SearchLayout.SCALES;
import static io.tributary.codecs.int4search.Int4SearchLayout.SCALE_SHIFT;
import static io.tributary.codecs.int4search.Int4SearchLayout.SIGN_SHIFT;

/** The definition of int4search's arithmetic: the other kernel is tested against this class. */
final class Int4SearchScalarKernel implements Int4SearchKernel {
  @Override
  public int largestMagnitude(float[] source, int from, int count) {
    int largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(source[i]) & MAGNITUDE);
    }
    return largest;
  }

  @Override
  public void encode(float[] source, int from, int base, byte[] target, int at) {
    for (int block = 0; block < BLOCKS; block++) {
      encodeBlock(source, from + block, base, target, at + block);
    }
  }

  private static void encodeBlock(float[] source, int from, int base, byte[] target, int at) {
    int above = 0;
    int below = 0;
    for (int i = from; i < from + GROUP; i += BLOCKS) {
      int bits = Float.floatToRawIntBits(source[i]);
      above = Math.max(above, bits);
      below = Math.max(below, bits & bits >> 31 & MAGNITUDE);
    }
    // The side with the largest magnitude gets the codes below zero, of which there is one more.
    int flipped = (below - above) >>> 31;
    float sign = 1 - 2 * flipped;
    int largest = Math.max(above, below);
    float least = Float.POSITIVE_INFINITY;
    int best = 0;
    for (int number = 0; number < 2; number++) {
      Int4SearchBook book = book(number << BOOK_SHIFT);
      int fitting = fitting(largest, book, base);
      for (int k = 0; k < Int4SearchBook.TRIED_SCALES; k++) {
        int index = Math.max(0, Math.min(fitting + k, SCALES - 1));
        float scale = Float.intBitsToFloat((base + index) << SCALE_SHIFT);
        float error = error(source, from, sign / scale, book) * scale * scale;
        if (error < least) {
          least = error;
          best = index | number << BOOK_SHIFT;
        }
      }
    }
    target[at] = (byte) (best | flipped << SIGN_SHIFT);
    Int4SearchBook book = book(best);
    float scale = Float.intBitsToFloat((base + (best & SCALES - 1)) << SCALE_SHIFT);
    for (int row = 0; row < HALF_ROWS; row++) {
      float low = source[from + BLOCKS * row] * (sign / scale);
      float high = source[from + BLOCKS * (row + HALF_ROWS)] * (sign / scale);
      target[at + BLOCKS * (row + 1)] = (byte) ((code(low, book) & 0xF) | code(high, book) << 4);
    }
  }

  private static Int4SearchBook book(int parameters) {
    return parameters >> BOOK_SHIFT == 0 ? Int4SearchBook.FLAT : Int4SearchBook.BENT;
  }

  private static int fitting(int largest, Int4SearchBook book, int base) {
    int pattern = Float.floatToRawIntBits(Float.intBitsToFloat(largest) * book.end());
    return (pattern >> SCALE_SHIFT) - base;
  }

  private static float error(float[] source, int from, float factor, Int4SearchBook book) {
    float error = 0;
    for (int row = 0; row < ROWS; row++) {
      float y = source[from + BLOCKS * row] * factor;
      float magnitude = magnitude(y, book) - ROUNDER;
      float value = magnitude * Math.fma(book.bend(), magnitude, WHOLE);
      float off = Math.fma(value, -UNIT, Math.abs(y));
      error = Math.fma(off, off, error);
    }
    return error;
  }

  /** The magnitude of a code, with the rounder added. */
  private static float magnitude(float y, Int4SearchBook book) {
    float a = Math.abs(y);
    float g = Math.fma(Math.fma(book.cube(), a, book.square()), a, book.linear()) * a;
    int most = Float.floatToRawIntBits(y < 0 ? 8f : 7f);
    return Float.intBitsToFloat(Math.min(Float.floatToRawIntBits(g), most)) + ROUNDER;
  }

  private static int code(float y, Int4SearchBook book) {
    int magnitude = Float.floatToRawIntBits(magnitude(y, book)) - ROUNDER_BITS;
    return y < 0 ? -magnitude : magnitude;
  }

  @Override
  public void decode(byte[] source, int at, int base, float[] target, int from) {
    for (int block = 0; block < BLOCKS; block++) {
      int parameters = source[at + block] & 0xFF;
      float bend = book(parameters).bend();
      int flipped = parameters >> SIGN_SHIFT & 1;
      float scale = Float.intBitsToFloat((base + (parameters & SCALES - 1)) << SCALE_SHIFT) * UNIT;
      float factor = flipped == 0 ? scale : -scale;
      for (int row = 0; row < HALF_ROWS; row++) {
        int both = source[at + BLOCKS * (row + 1) + block];
        target[from + BLOCKS * row + block] = value(both << 28 >> 28, bend) * factor;
        target[from + BLOCKS * (row + HALF_ROWS) + block] = value(both >> 4, bend) * factor;
      }
    }
  }

  private static float value(int code, float bend) {
    return code * Math.fma(bend, Math.abs((float) code), WHOLE);
  }
}
