package io.tributary.codecs.topk;

import io.tributary.codec.CodecId;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.MalformedInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the parts of a payload lie, see the package page for the drawing.
 *
 * @param kept the values kept of a whole block, 1 to {@link #BLOCK}
 * @param bits the bits of a kept value, 2 to 8
 */
record TopkLayout(int kept, int bits) {
  static final CodecId ID = new CodecId(0x0031, "topk", 1, 1);

  /** The values among which the largest are kept. */
  static final int BLOCK = 4096;

  static final int INDEX_BITS = 12;
  static final String DEFAULT = "0.01-2b";
  static final int BLOCKS_OFFSET = 4;

  /** Bytes of a block before its entries. */
  static final int ENDS_BYTES = 4;

  private static final int BITS_OFFSET = 2;
  private static final int RESERVED_OFFSET = 3;
  private static final int LEAST_BITS = 2;
  private static final int MOST_BITS = 8;
  private static final Pattern FORM = Pattern.compile("(0\\.\\d{1,6}|1)-([2-8])b");

  /**
   * Reads a parameter such as {@code 0.01-2b}: the share of values that is kept, and their bits.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} for anything else
   */
  static TopkLayout parse(String parameter) {
    Matcher form = FORM.matcher(parameter.isEmpty() ? DEFAULT : parameter);
    if (!form.matches() || Double.parseDouble(form.group(1)) <= 0) {
      throw Errors.invalidSetting(
          "parameter of topk",
          "'" + parameter + "'",
          "a share above 0 and up to 1, then 2 to 8 bits, such as " + DEFAULT);
    }
    double share = Double.parseDouble(form.group(1));
    return new TopkLayout((int) Math.ceil(share * BLOCK), Integer.parseInt(form.group(2)));
  }

  /**
   * Checks a header and the payload's length. What the header says stays in its bytes, so that
   * decoding makes no objects.
   */
  static void check(byte[] source, int at, int length, int count) {
    if (length < BLOCKS_OFFSET) {
      throw corrupt(length, "expected at least " + BLOCKS_OFFSET + " bytes, found " + length);
    }
    int kept = keptOf(source, at);
    int bits = bitsOf(source, at);
    if (kept < 1 || kept > BLOCK) {
      throw corrupt(0, "expected 1 to " + BLOCK + " kept values, found " + kept);
    }
    if (bits < LEAST_BITS || bits > MOST_BITS) {
      throw corrupt(BITS_OFFSET, "expected 2 to 8 bits a value, found " + bits);
    }
    if (source[at + RESERVED_OFFSET] != 0) {
      throw corrupt(RESERVED_OFFSET, "expected a reserved byte to be 0");
    }
    long expected = length(kept, bits, count);
    if (length != expected) {
      throw corrupt(
          Math.min(length, expected),
          "expected " + expected + " bytes for " + count + " values, found " + length);
    }
  }

  /** The values kept of a whole block, as a header says. */
  static int keptOf(byte[] source, int at) {
    return getShort(source, at);
  }

  /** The bits of a kept value, as a header says. */
  static int bitsOf(byte[] source, int at) {
    return source[at + BITS_OFFSET] & 0xFF;
  }

  void putHeader(byte[] target, int at) {
    putShort(target, at, kept);
    target[at + BITS_OFFSET] = (byte) bits;
    target[at + RESERVED_OFFSET] = 0;
  }

  /** The values kept of a block of {@code count}, of {@code kept} of a whole one. */
  static int kept(int kept, int count) {
    return (kept * count + BLOCK - 1) / BLOCK;
  }

  /** The bytes of a block of {@code count} values. */
  static int blockLength(int kept, int bits, int count) {
    return ENDS_BYTES + (kept(kept, count) * (INDEX_BITS + bits) + 7) / 8;
  }

  /** The bytes of a payload. */
  long length(int count) {
    return length(kept, bits, count);
  }

  private static long length(int kept, int bits, int count) {
    int rest = count % BLOCK;
    return BLOCKS_OFFSET
        + (long) (count / BLOCK) * blockLength(kept, bits, BLOCK)
        + (rest == 0 ? 0 : blockLength(kept, bits, rest));
  }

  static int getShort(byte[] source, int at) {
    return (source[at] & 0xFF) | (source[at + 1] & 0xFF) << 8;
  }

  static void putShort(byte[] target, int at, int value) {
    target[at] = (byte) value;
    target[at + 1] = (byte) (value >>> 8);
  }

  static MalformedInputException corrupt(long offset, String expectation) {
    return new MalformedInputException(
        ErrorCode.CORRUPT_PAYLOAD, "topk payload", offset, expectation);
  }
}
