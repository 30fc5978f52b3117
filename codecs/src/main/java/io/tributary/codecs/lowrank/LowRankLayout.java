package io.tributary.codecs.lowrank;

import io.tributary.codec.CodecId;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.MalformedInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the parts of a payload lie, see the package page for the drawing.
 *
 * @param rank the most directions, 1 to {@link #MOST_RANK}
 * @param width values in a row, or 0 for what suits a chunk
 */
record LowRankLayout(int rank, int width) {
  static final CodecId ID = new CodecId(0x0033, "lowrank", 1, 1);
  static final String DEFAULT = "4";
  static final int HEADER_BYTES = 8;
  static final int MOST_RANK = 64;

  private static final int NARROWEST = 2;
  private static final int WIDEST = 32_768;
  private static final int RANK_OFFSET = 2;
  private static final int EXPONENT_OFFSET = 4;
  private static final int RESERVED_OFFSET = 6;
  private static final int MOST_EXPONENT = 160;
  private static final int EXPONENT_BITS = 0x7F80;
  private static final Pattern FORM = Pattern.compile("(\\d{1,2})(?:-(\\d{1,5}))?");

  /**
   * Reads a parameter such as {@code 4} or {@code 4-64}: the rank and the width.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} for anything else
   */
  static LowRankLayout parse(String parameter) {
    Matcher form = FORM.matcher(parameter.isEmpty() ? DEFAULT : parameter);
    if (form.matches()) {
      int rank = Integer.parseInt(form.group(1));
      int width = form.group(2) == null ? 0 : Integer.parseInt(form.group(2));
      boolean fits = form.group(2) == null || (width >= NARROWEST && width <= WIDEST);
      if (rank >= 1 && rank <= MOST_RANK && fits) {
        return new LowRankLayout(rank, width);
      }
    }
    throw Errors.invalidSetting(
        "parameter of lowrank",
        "'" + parameter + "'",
        "a rank from 1 to 64, and a width from 2 to 32768 behind a dash if it is known, such as 4"
            + " or 4-64");
  }

  /** The width of the matrix that so many values make. */
  int widthOf(int count) {
    if (width > 0) {
      return width;
    }
    int best = NARROWEST;
    while (best < WIDEST && 4L * best * best <= count) {
      best *= 2;
    }
    return best;
  }

  /** The rows of a matrix of so many values. */
  static int rows(int count, int width) {
    return (int) (((long) count + width - 1) / width);
  }

  /** The bytes of factors. */
  static long length(int count, int width, int rank) {
    return HEADER_BYTES + 2L * rank * (rows(count, width) + (long) width);
  }

  /** The bytes of values as they are. */
  static long plainLength(int count) {
    return HEADER_BYTES + 2L * count;
  }

  /** Bytes that are enough for so many values, and for fewer. */
  long bound(int count) {
    long factors =
        width > 0
            ? length(count, width, rank)
            // Between a half and one root of the values is the width, up to two roots are the rows.
            : HEADER_BYTES + 2L * rank * (3L * ((long) Math.sqrt(count) + 1) + NARROWEST);
    return Math.min(factors, plainLength(count));
  }

  /**
   * Checks a header, the payload's length, and that all numbers are finite. What the header says
   * stays in its bytes, so that decoding makes no objects.
   */
  static void check(byte[] source, int at, int length, int count) {
    if (length < HEADER_BYTES) {
      throw corrupt(length, "expected at least " + HEADER_BYTES + " bytes, found " + length);
    }
    int width = width(source, at);
    int rank = rank(source, at);
    int exponent = exponent(source, at);
    boolean plain = width == 0;
    if (!plain && (width < NARROWEST || width > WIDEST)) {
      throw corrupt(0, "expected a width of 0, or 2 to " + WIDEST + ", found " + width);
    }
    int mostRank = plain ? 0 : Math.min(MOST_RANK, Math.min(width, rows(count, width)));
    if (rank > mostRank) {
      throw corrupt(RANK_OFFSET, "expected a rank of at most " + mostRank + ", found " + rank);
    }
    if (Math.abs(exponent) > (plain ? 0 : MOST_EXPONENT)) {
      throw corrupt(EXPONENT_OFFSET, "expected an exponent near 0, found " + exponent);
    }
    if (getShort(source, at + RESERVED_OFFSET) != 0) {
      throw corrupt(RESERVED_OFFSET, "expected reserved bytes to be 0");
    }
    long expected = plain ? plainLength(count) : length(count, width, rank);
    if (length != expected) {
      throw corrupt(
          Math.min(length, expected),
          "expected " + expected + " bytes for " + count + " values, found " + length);
    }
    for (int i = HEADER_BYTES; i < length; i += 2) {
      if ((getShort(source, at + i) & EXPONENT_BITS) == EXPONENT_BITS) {
        throw corrupt(i, "expected a finite bf16 number");
      }
    }
  }

  static int width(byte[] source, int at) {
    return getShort(source, at);
  }

  static int rank(byte[] source, int at) {
    return getShort(source, at + RANK_OFFSET);
  }

  static int exponent(byte[] source, int at) {
    return (short) getShort(source, at + EXPONENT_OFFSET);
  }

  static void putHeader(byte[] target, int at, int width, int rank, int exponent) {
    putShort(target, at, width);
    putShort(target, at + RANK_OFFSET, rank);
    putShort(target, at + EXPONENT_OFFSET, exponent);
    putShort(target, at + RESERVED_OFFSET, 0);
  }

  private static int getShort(byte[] source, int at) {
    return (source[at] & 0xFF) | (source[at + 1] & 0xFF) << 8;
  }

  private static void putShort(byte[] target, int at, int value) {
    target[at] = (byte) value;
    target[at + 1] = (byte) (value >>> 8);
  }

  /** Writes the nearest bf16 number, ties to even; beyond the largest, that. */
  static void putNumber(byte[] target, int at, float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
    boolean overflows = (rounded & 0x7FFFFFFF) >= 0x7F800000;
    putShort(target, at, overflows ? (bits >>> 16 & 0x8000) | 0x7F7F : rounded >>> 16);
  }

  static float getNumber(byte[] source, int at) {
    return Float.intBitsToFloat(getShort(source, at) << 16);
  }

  private static MalformedInputException corrupt(long offset, String expectation) {
    return new MalformedInputException(
        ErrorCode.CORRUPT_PAYLOAD, "lowrank payload", offset, expectation);
  }
}
