package io.tributary.file.npy;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import io.tributary.file.PlainValues;
import io.tributary.file.ValueBlocks;
import io.tributary.file.WeightTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an array.
 *
 * @param where the file, for messages
 * @param type of the elements as NumPy writes it, byte order in front
 * @param columnsFirst whether the first extent is the fastest
 * @param shape the extents, slowest first unless {@code columnsFirst}
 * @param dataAt the first value's first byte
 */
record NpyHeader(String where, String type, boolean columnsFirst, List<Long> shape, long dataAt) {
  /** The bytes in front of a header: magic, version, and length in two or four. */
  static final int MOST_BEFORE = 12;

  /** The longest header that is read. */
  static final int MOST_BYTES = 1 << 16;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_EXTENTS = 16;

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr'\\s*:\\s*'([<>|=]?[a-zA-Z]\\d{0,4})'\\s*,"
              + "\\s*'fortran_order'\\s*:\\s*(True|False)\\s*,"
              + "\\s*'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)\\s*,?\\s*\\}\\s*");

  NpyHeader {
    shape = List.copyOf(shape);
  }

  /** Whether a file's beginning is one. */
  static boolean looksLikeOne(ByteBuffer beginning) {
    return beginning.remaining() >= MAGIC.length
        && beginning.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  /**
   * Reads the header of an array.
   *
   * @param beginning at least the header, or all that there is
   * @param size the bytes of the file
   * @throws MalformedInputException {@code STORAGE} if anything in it is not as it must be
   */
  static NpyHeader parse(String where, ByteBuffer beginning, long size) {
    ByteBuffer bytes = beginning.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (!looksLikeOne(bytes)) {
      throw malformed(where, 0, "expected the byte 0x93 and NUMPY");
    }
    if (bytes.remaining() < MOST_BEFORE) {
      throw malformed(where, bytes.limit(), "expected a version and a header, found the end");
    }
    int version = bytes.get(MAGIC.length);
    if (version < 1 || version > 3) {
      throw malformed(where, MAGIC.length, "expected version 1 to 3, found " + version);
    }
    int at = MAGIC.length + 2;
    long length = version == 1 ? bytes.getShort(at) & 0xFFFF : bytes.getInt(at) & 0xFFFFFFFFL;
    int before = at + (version == 1 ? Short.BYTES : Integer.BYTES);
    long most = Math.min(MOST_BYTES, bytes.limit() - before);
    if (length > most) {
      throw malformed(
          where, at, "expected a header of at most " + most + " bytes, found " + length);
    }
    var text = new byte[(int) length];
    bytes.get(before, text);
    Matcher header = HEADER.matcher(new String(text, StandardCharsets.UTF_8));
    if (!header.matches()) {
      throw malformed(where, before, "expected a header of descr, fortran_order and shape");
    }
    var found =
        new NpyHeader(
            where,
            header.group(1),
            header.group(2).equals("True"),
            shape(where, before, header.group(3)),
            before + length);
    found.checkSize(size);
    return found;
  }

  private static List<Long> shape(String where, int at, String text) {
    var shape = new ArrayList<Long>();
    for (String extent : text.strip().split("\\s*,\\s*", -1)) {
      if (extent.isEmpty()) {
        continue;
      }
      if (shape.size() == MOST_EXTENTS || !extent.matches("\\d{1,18}")) {
        throw malformed(
            where, at, "expected at most " + MOST_EXTENTS + " extents below 10^18, found " + text);
      }
      shape.add(Long.valueOf(extent));
    }
    return shape;
  }

  private void checkSize(long size) {
    long bytes = elementBytes();
    for (long extent : shape) {
      try {
        bytes = Math.multiplyExact(bytes, extent);
      } catch (ArithmeticException e) {
        throw malformed(where, 0, "expected fewer than 2^63 bytes, found shape " + shape);
      }
    }
    if (bytes != size - dataAt) {
      throw malformed(
          where,
          Math.min(size, dataAt),
          "expected " + bytes + " bytes of " + type + " " + shape + ", found " + (size - dataAt));
    }
  }

  private long elementBytes() {
    String digits = type.replaceAll("\\D", "");
    long bytes = digits.isEmpty() ? 1 : Long.parseLong(digits);
    // Texts are counted in characters of four bytes.
    return type.contains("U") ? 4 * bytes : bytes;
  }

  /** The array as a tensor. */
  WeightTensor tensor(String name) {
    return new WeightTensor(
        name, type, shape, shape.stream().reduce(elementBytes(), Math::multiplyExact));
  }

  /**
   * How to read the values as float32.
   *
   * @throws TributaryException {@code STORAGE} if they can't be read without loss, or not by rows
   */
  ValueBlocks blocks() {
    if (columnsFirst && shape.size() > 1) {
      throw new TributaryException(
          ErrorCode.STORAGE, where + ": expected fortran_order False, found True");
    }
    return switch (type) {
      case "<f4" -> PlainValues.F32;
      case "<f2" -> PlainValues.F16;
      default ->
          throw new TributaryException(
              ErrorCode.STORAGE, where + ": expected a descr of <f4 or <f2, found " + type);
    };
  }

  private static MalformedInputException malformed(String where, long at, String what) {
    return new MalformedInputException(ErrorCode.STORAGE, where, at, what);
  }
}
