package io.tributary.file.tensorbundle;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** The keys and values of a table of LevelDB, in the order of its keys. */
final class SortedTable {
  private static final int FOOTER_BYTES = 48;
  private static final long MAGIC = 0xDB4775248B80FB57L;

  /** Behind each block: its type and its checksum. */
  private static final int TRAILER_BYTES = 1 + Integer.BYTES;

  private static final int CHECKSUM_DELTA = 0xA282EAD8;
  private static final int MOST_ROWS = 1 << 16;
  private static final int LONGEST_KEY = 1 << 10;

  private final String where;
  private final byte[] bytes;
  private final List<Row> rows = new ArrayList<>();
  private int at;

  private SortedTable(String where, byte[] bytes) {
    this.where = where;
    this.bytes = bytes;
  }

  /**
   * A key and its value.
   *
   * @param from the value's first byte in the table
   * @param to the byte behind its last one
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Row(byte[] key, int from, int to) {}

  /**
   * Reads a table.
   *
   * @param where the file, for messages
   * @throws MalformedInputException {@code STORAGE} if it isn't one
   */
  static List<Row> read(String where, byte[] bytes) {
    return new SortedTable(where, bytes).read();
  }

  private List<Row> read() {
    int footer = bytes.length - FOOTER_BYTES;
    if (footer < 0 || little(bytes.length - Long.BYTES).getLong() != MAGIC) {
      throw malformed(
          Math.max(0, bytes.length - Long.BYTES),
          "expected the end of a table of LevelDB, found other bytes");
    }
    at = footer;
    int end = bytes.length - Long.BYTES;
    // The block of metadata comes first and isn't needed.
    number(end);
    number(end);
    for (Row block : block(end)) {
      at = block.from;
      block(block.to).forEach(this::add);
    }
    return rows;
  }

  private ByteBuffer little(int from) {
    return ByteBuffer.wrap(bytes, from, bytes.length - from).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void add(Row row) {
    // Keys that grow are keys that differ, and blocks that are not read twice.
    if (!rows.isEmpty() && Arrays.compareUnsigned(rows.get(rows.size() - 1).key, row.key) >= 0) {
      throw malformed(row.from, "expected keys in ascending order, found others");
    }
    checkCount(rows, row.from);
    rows.add(row);
  }

  private void checkCount(List<Row> found, int offset) {
    if (found.size() == MOST_ROWS) {
      throw malformed(offset, "expected at most " + MOST_ROWS + " keys, found more");
    }
  }

  /** Reads the block whose place is told from {@link #at} up to {@code to}. */
  private List<Row> block(int to) {
    int told = at;
    long begin = number(to);
    long size = number(to);
    long most = (long) bytes.length - FOOTER_BYTES - TRAILER_BYTES;
    if (begin < 0 || size < Integer.BYTES || begin > most || size > most - begin) {
      throw malformed(told, "expected a block inside the table, found " + size + " at " + begin);
    }
    int first = (int) begin;
    int last = (int) (begin + size);
    checkTrailer(first, last);
    long offsets = little(last - Integer.BYTES).getInt() & 0xFFFFFFFFL;
    long end = last - Integer.BYTES - offsets * Integer.BYTES;
    if (end < first) {
      throw malformed(last - Integer.BYTES, "expected fewer offsets, found " + offsets);
    }
    return entries(first, (int) end);
  }

  private void checkTrailer(int first, int last) {
    if (bytes[last] != 0) {
      throw malformed(last, "expected a block that isn't compressed, found type " + bytes[last]);
    }
    var crc = new CRC32C();
    crc.update(bytes, first, last + 1 - first);
    int expected = Integer.rotateRight((int) crc.getValue(), 15) + CHECKSUM_DELTA;
    int found = little(last + 1).getInt();
    if (found != expected) {
      throw malformed(
          last + 1,
          "expected checksum "
              + Integer.toHexString(expected)
              + ", found "
              + Integer.toHexString(found));
    }
  }

  private List<Row> entries(int first, int end) {
    var found = new ArrayList<Row>();
    var key = new byte[0];
    at = first;
    while (at < end) {
      int begin = at;
      long shared = number(end);
      long others = number(end);
      long size = number(end);
      if (shared > key.length || others > end - at || size > end - at - others) {
        throw malformed(begin, "expected an entry inside its block, found a longer one");
      }
      if (shared + others > LONGEST_KEY) {
        throw malformed(begin, "expected a key of at most " + LONGEST_KEY + " bytes, found more");
      }
      key = Arrays.copyOf(key, (int) (shared + others));
      System.arraycopy(bytes, at, key, (int) shared, (int) others);
      int from = at + (int) others;
      int to = from + (int) size;
      checkCount(found, begin);
      found.add(new Row(key, from, to));
      at = to;
    }
    return found;
  }

  /** A number of up to 35 bits, seven a byte, the lowest first: never below 0. */
  private long number(int end) {
    long value = 0;
    int begin = at;
    for (int shift = 0; shift < 35; shift += 7) {
      if (at >= end) {
        throw malformed(at, "expected a number, found its part's end");
      }
      int b = bytes[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw malformed(begin, "expected a number of at most 5 bytes, found more");
  }

  private MalformedInputException malformed(int offset, String what) {
    return new MalformedInputException(ErrorCode.STORAGE, where, offset, what);
  }
}
