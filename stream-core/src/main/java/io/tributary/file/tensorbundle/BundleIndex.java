package io.tributary.file.tensorbundle;

import io.tributary.file.ProtobufFields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The index of a bundle.
 *
 * @param parts the number of files of values
 * @param tensors in the order of their bytes, none over another
 */
record BundleIndex(int parts, List<BundleTensor> tensors) {
  private static final int HEADER_PARTS = 1;
  private static final int HEADER_ENDIANNESS = 2;
  private static final int MOST_PARTS = 1000;
  private static final int ENTRY_TYPE = 1;
  private static final int ENTRY_SHAPE = 2;
  private static final int ENTRY_PART = 3;
  private static final int ENTRY_OFFSET = 4;
  private static final int ENTRY_SIZE = 5;
  private static final int ENTRY_SLICES = 7;
  private static final int SHAPE_EXTENT = 2;
  private static final int EXTENT_SIZE = 1;
  private static final int MOST_EXTENTS = 16;

  BundleIndex {
    tensors = List.copyOf(tensors);
  }

  /**
   * Reads an index.
   *
   * @param where the file, for messages
   * @throws io.tributary.error.MalformedInputException {@code STORAGE} if it isn't one
   */
  static BundleIndex parse(String where, byte[] bytes) {
    int parts = 0;
    var tensors = new ArrayList<BundleTensor>();
    for (SortedTable.Row row : SortedTable.read(where, bytes)) {
      String name = new String(row.key(), StandardCharsets.UTF_8);
      var fields =
          new ProtobufFields(
              where + (name.isEmpty() ? ", header" : ", tensor " + name),
              row.to() - row.from(),
              (at, target, offset, count) ->
                  System.arraycopy(bytes, row.from() + (int) at, target, offset, count));
      if (name.isEmpty()) {
        parts = parts(fields);
      } else {
        tensors.add(new Entry(fields).read(name));
      }
    }
    var index = new ProtobufFields(where, bytes.length, (at, target, offset, count) -> {});
    if (parts == 0) {
      throw index.malformed(0, "expected a header under the empty key, found none");
    }
    tensors.sort(
        Comparator.comparingInt(BundleTensor::part).thenComparingLong(BundleTensor::begin));
    return new BundleIndex(parts, tensors);
  }

  private static int parts(ProtobufFields fields) {
    long end = fields.size();
    long parts = 0;
    while (fields.next(end)) {
      switch (fields.field()) {
        case HEADER_PARTS -> parts = fields.number(end);
        case HEADER_ENDIANNESS -> {
          if (fields.number(end) != 0) {
            throw fields.malformed(fields.at(), "expected little endian values, found others");
          }
        }
        default -> fields.skip(end);
      }
    }
    if (parts < 1 || parts > MOST_PARTS) {
      throw fields.malformed(0, "expected 1 to " + MOST_PARTS + " files of values, found " + parts);
    }
    return (int) parts;
  }

  /** What is told of one tensor. */
  private static final class Entry {
    private final ProtobufFields fields;
    private final List<Long> shape = new ArrayList<>();

    Entry(ProtobufFields fields) {
      this.fields = fields;
    }

    BundleTensor read(String name) {
      long end = fields.size();
      long type = 0;
      long part = 0;
      long begin = 0;
      long size = 0;
      while (fields.next(end)) {
        switch (fields.field()) {
          case ENTRY_TYPE -> type = fields.number(end);
          case ENTRY_SHAPE -> shape(fields.enter(end));
          case ENTRY_PART -> part = fields.number(end);
          case ENTRY_OFFSET -> begin = fields.number(end);
          case ENTRY_SIZE -> size = fields.number(end);
          case ENTRY_SLICES ->
              throw fields.malformed(fields.at(), "expected a whole tensor, found slices of one");
          default -> fields.skip(end);
        }
      }
      if (part < 0 || part >= MOST_PARTS || begin < 0 || size < 0 || begin + size < 0) {
        throw fields.malformed(
            0, "expected a place in a file, found " + size + " bytes at " + begin + " of " + part);
      }
      int typeNumber = (int) Math.max(0, Math.min(type, Integer.MAX_VALUE));
      var tensor = new BundleTensor(name, typeNumber, shape, (int) part, begin, size);
      checkSize(tensor);
      return tensor;
    }

    private void shape(long end) {
      while (fields.next(end)) {
        if (fields.field() == SHAPE_EXTENT) {
          extent(fields.enter(end));
        } else {
          fields.skip(end);
        }
      }
    }

    private void extent(long end) {
      long extent = 0;
      while (fields.next(end)) {
        if (fields.field() == EXTENT_SIZE) {
          extent = fields.number(end);
        } else {
          fields.skip(end);
        }
      }
      if (extent < 0 || shape.size() == MOST_EXTENTS) {
        throw fields.malformed(
            fields.at(),
            "expected at most " + MOST_EXTENTS + " extents from 0 on, found " + extent);
      }
      shape.add(extent);
    }

    /** Values must be as many as the extents say; their number fits a long. */
    private void checkSize(BundleTensor tensor) {
      long bytes = tensor.values().isPresent() ? tensor.values().get().blockBytes() : 1;
      try {
        for (long extent : tensor.shape()) {
          bytes = Math.multiplyExact(bytes, extent);
        }
      } catch (ArithmeticException e) {
        throw fields.malformed(0, "expected fewer than 2^63 bytes, found shape " + tensor.shape());
      }
      if (tensor.values().isPresent() && bytes != tensor.size()) {
        throw fields.malformed(
            0,
            "expected " + bytes + " bytes of shape " + tensor.shape() + ", found " + tensor.size());
      }
    }
  }
}
