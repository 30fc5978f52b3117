package io.tributary.file.gguf;

import io.tributary.error.MalformedInputException;
import io.tributary.file.MappedBytes;
import io.tributary.file.WeightTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a file: its tensors in the order of their bytes, and its metadata as text.
 *
 * @param tensors by ascending offset
 * @param metadata numbers, truths and texts as they are, short arrays in brackets; of longer ones
 *     the length alone
 * @param arrays where those among the metadata lie
 */
record GgufHeader(
    List<GgufTensor> tensors, Map<String, String> metadata, Map<String, GgufArray> arrays) {
  /** The word with which a file begins. */
  static final int MAGIC = 0x46554747;

  /** The types of metadata that are written or read by name. */
  static final int UINT32 = 4;

  static final int INT32 = 5;
  static final int FLOAT32 = 6;
  static final int TRUTH = 7;
  static final int TEXT = 8;
  static final int ARRAY = 9;

  /** The longest text among the metadata, in bytes. */
  static final int LONGEST_TEXT = 1 << 20;

  private static final int OLDEST = 2;
  private static final int NEWEST = 3;
  private static final int MOST_TENSORS = 1 << 16;
  private static final int MOST_ENTRIES = 1 << 16;
  private static final int MOST_EXTENTS = 4;
  private static final int LONGEST_NAME = 1 << 10;
  private static final int LONGEST_ARRAY_TOLD = 64;
  private static final int MOST_ALIGNMENT = 1 << 20;
  private static final String ALIGNMENT = "general.alignment";

  GgufHeader {
    tensors = List.copyOf(tensors);
    metadata = Map.copyOf(metadata);
    arrays = Map.copyOf(arrays);
  }

  /**
   * Reads a file's header.
   *
   * @throws MalformedInputException {@code STORAGE} if anything in it is not as it must be
   */
  static GgufHeader read(MappedBytes file) {
    var cursor = new GgufCursor(file);
    int magic = cursor.int32();
    if (magic != MAGIC) {
      throw cursor.before(4, "expected the word GGUF, found 0x" + Integer.toHexString(magic));
    }
    int version = cursor.int32();
    if (version < OLDEST || version > NEWEST) {
      throw cursor.before(4, "expected version " + OLDEST + " or " + NEWEST + ", found " + version);
    }
    int tensors = cursor.count(MOST_TENSORS, "tensors");
    int entries = cursor.count(MOST_ENTRIES, "metadata");
    var metadata = new LinkedHashMap<String, String>();
    var arrays = new LinkedHashMap<String, GgufArray>();
    for (int i = 0; i < entries; i++) {
      String key = cursor.text(LONGEST_NAME, "name of metadata");
      int type = cursor.int32();
      String value;
      if (type == ARRAY) {
        GgufArray array = array(cursor);
        arrays.put(key, array);
        value = told(cursor, array);
      } else {
        value = value(cursor, type);
      }
      if (metadata.put(key, value) != null) {
        throw cursor.before(0, "metadata: expected each name once, found again " + shown(key));
      }
    }
    int alignment = alignment(cursor, metadata);
    var found = new ArrayList<GgufTensor>();
    for (int i = 0; i < tensors; i++) {
      found.add(tensor(cursor));
    }
    long dataAt = aligned(cursor.position(), alignment);
    return new GgufHeader(placed(file, found, dataAt, alignment), metadata, arrays);
  }

  private static String value(GgufCursor cursor, int type) {
    return switch (type) {
      case 0 -> String.valueOf(cursor.int8() & 0xFF);
      case 1 -> String.valueOf(cursor.int8());
      case 2 -> String.valueOf(cursor.int16() & 0xFFFF);
      case 3 -> String.valueOf(cursor.int16());
      case UINT32 -> Integer.toUnsignedString(cursor.int32());
      case INT32 -> String.valueOf(cursor.int32());
      case FLOAT32 -> String.valueOf(Float.intBitsToFloat(cursor.int32()));
      case TRUTH -> String.valueOf(cursor.int8() != 0);
      case TEXT -> cursor.text(LONGEST_TEXT, "text of metadata");
      case 10 -> Long.toUnsignedString(cursor.int64());
      case 11 -> String.valueOf(cursor.int64());
      case 12 -> String.valueOf(Double.longBitsToDouble(cursor.int64()));
      default -> throw cursor.before(4, "expected a type of metadata of 0 to 12, found " + type);
    };
  }

  private static GgufArray array(GgufCursor cursor) {
    int type = cursor.int32();
    if (type == ARRAY) {
      throw cursor.before(4, "metadata: expected no array in an array");
    }
    int count = cursor.count(Integer.MAX_VALUE, "values of an array");
    return new GgufArray(type, count, cursor.position());
  }

  /** Passes an array, which may hold a whole vocabulary: nobody reads that as one text. */
  private static String told(GgufCursor cursor, GgufArray array) {
    var told = new ArrayList<String>();
    for (int i = 0; i < array.count(); i++) {
      String value = value(cursor, array.type());
      if (array.count() <= LONGEST_ARRAY_TOLD) {
        told.add(value);
      }
    }
    return array.count() <= LONGEST_ARRAY_TOLD ? told.toString() : "[" + array.count() + " values]";
  }

  private static int alignment(GgufCursor cursor, Map<String, String> metadata) {
    String text = metadata.getOrDefault(ALIGNMENT, "32");
    try {
      int alignment = Integer.parseInt(text);
      if (alignment >= 1 && alignment <= MOST_ALIGNMENT) {
        return alignment;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw cursor.before(
        0, ALIGNMENT + ": expected 1 to " + MOST_ALIGNMENT + ", found " + shown(text));
  }

  private static long aligned(long at, int alignment) {
    return (at + alignment - 1) / alignment * alignment;
  }

  private static GgufTensor tensor(GgufCursor cursor) {
    String name = cursor.text(LONGEST_NAME, "name of a tensor");
    String what = "tensor " + shown(name);
    int extents = cursor.int32();
    if (extents < 1 || extents > MOST_EXTENTS) {
      throw cursor.before(
          4, what + ": expected 1 to " + MOST_EXTENTS + " extents, found " + extents);
    }
    var shape = new ArrayList<Long>();
    for (int i = 0; i < extents; i++) {
      shape.add(0, cursor.int64());
    }
    int number = cursor.int32();
    GgmlType type =
        GgmlType.of(number)
            .orElseThrow(
                () -> cursor.before(4, what + ": expected a type known here, found " + number));
    long offset = cursor.int64();
    long bytes = bytes(cursor, what, type, shape);
    return new GgufTensor(new WeightTensor(name, type.name(), shape, bytes), type, offset);
  }

  private static long bytes(GgufCursor cursor, String what, GgmlType type, List<Long> shape) {
    long width = shape.get(shape.size() - 1);
    boolean whole = width % type.blockValues() == 0;
    if (!whole || shape.stream().anyMatch(extent -> extent < 0)) {
      throw cursor.before(
          0,
          what
              + " of "
              + type
              + ": expected extents from 0, the last a multiple of "
              + type.blockValues()
              + ", found "
              + shape);
    }
    try {
      long bytes = Math.multiplyExact(width / type.blockValues(), (long) type.blockBytes());
      long elements = width;
      for (long extent : shape.subList(0, shape.size() - 1)) {
        bytes = Math.multiplyExact(bytes, extent);
        elements = Math.multiplyExact(elements, extent);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw cursor.before(0, what + ": expected fewer than 2^63 values and bytes, found " + shape);
    }
  }

  private static List<GgufTensor> placed(
      MappedBytes file, List<GgufTensor> tensors, long dataAt, int alignment) {
    var cursor = new GgufCursor(file);
    var names = new LinkedHashMap<String, GgufTensor>();
    tensors.sort(
        Comparator.<GgufTensor>comparingLong(GgufTensor::begin)
            .thenComparingLong(tensor -> tensor.described().bytes()));
    long end = dataAt;
    for (GgufTensor tensor : tensors) {
      String what = "tensor " + shown(tensor.described().name());
      long begin = aligned(end, alignment);
      if (tensor.begin() != begin - dataAt) {
        throw cursor.at(
            Math.min(begin, file.size()),
            what
                + ": expected to begin at "
                + (begin - dataAt)
                + " of the data, found "
                + tensor.begin());
      }
      if (tensor.described().bytes() > file.size() - begin) {
        throw cursor.at(
            file.size(),
            what
                + ": expected "
                + tensor.described().bytes()
                + " bytes from "
                + begin
                + ", found "
                + Math.max(0, file.size() - begin));
      }
      end = begin + tensor.described().bytes();
      var here = new GgufTensor(tensor.described(), tensor.type(), begin);
      if (names.put(tensor.described().name(), here) != null) {
        throw cursor.at(begin, what + ": expected each name once");
      }
    }
    if (file.size() > aligned(end, alignment)) {
      throw cursor.at(
          end, "expected nothing behind the last tensor, found " + (file.size() - end) + " bytes");
    }
    return List.copyOf(names.values());
  }

  /** A name for a message: short, and without control characters. */
  private static String shown(String name) {
    String part = name.length() > 80 ? name.substring(0, 80) + "..." : name;
    return "'" + part.replaceAll("\\p{Cntrl}", "?") + "'";
  }
}
