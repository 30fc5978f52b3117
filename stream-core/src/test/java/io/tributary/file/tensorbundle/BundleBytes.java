package io.tributary.file.tensorbundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes bundles and archives by hand, from the drawing in the package's description. */
final class BundleBytes {
  private BundleBytes() {}

  static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] number(long value) {
    var out = new ByteArrayOutputStream();
    long left = value;
    while (left >>> 7 != 0) {
      out.write((int) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
    return out.toByteArray();
  }

  /** A field of a message: a number. */
  static byte[] field(int field, long value) {
    return join(number(field << 3), number(value));
  }

  /** A field of a message: bytes. */
  static byte[] field(int field, byte[] value) {
    return join(number(field << 3 | 2), number(value.length), value);
  }

  /** What a bundle says of a tensor; the checksum is any. */
  static byte[] tensor(int type, long begin, long size, long... shape) {
    byte[] extents = new byte[0];
    for (long extent : shape) {
      extents = join(extents, field(2, field(1, extent)));
    }
    return join(
        field(1, type),
        field(2, extents),
        field(4, begin),
        field(5, size),
        number(6 << 3 | 5),
        new byte[4]);
  }

  static byte[] header(int parts) {
    return join(field(1, parts), field(3, field(1, 1)));
  }

  static byte[] little(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] entry(int shared, byte[] key, byte[] value) {
    byte[] others = Arrays.copyOfRange(key, shared, key.length);
    return join(number(shared), number(others.length), number(value.length), others, value);
  }

  /** A block with what stands behind it. */
  static byte[] block(int type, byte[]... entries) {
    return sealed(join(join(entries), little(0), little(1), new byte[] {(byte) type}, new byte[4]));
  }

  /** Sets a block's checksum. */
  static byte[] sealed(byte[] block) {
    var crc = new CRC32C();
    crc.update(block, 0, block.length - 4);
    int value = (int) crc.getValue();
    int masked = (value >>> 15 | value << 17) + 0xA282EAD8;
    return join(Arrays.copyOf(block, block.length - 4), little(masked));
  }

  /** An index of these values by their keys, all in one block. */
  static byte[] index(Map<String, byte[]> values) {
    byte[] before = new byte[0];
    byte[] entries = new byte[0];
    for (Map.Entry<String, byte[]> value : new TreeMap<>(values).entrySet()) {
      byte[] key = value.getKey().getBytes(StandardCharsets.UTF_8);
      int shared = Math.max(0, Arrays.mismatch(before, key));
      entries = join(entries, entry(shared, key, value.getValue()));
      before = key;
    }
    return table(block(0, entries));
  }

  /** A table of one block. */
  static byte[] table(byte[] block) {
    byte[] handle = join(number(0), number(block.length - 5));
    byte[] meta = block(0);
    byte[] index = block(0, entry(0, new byte[] {'z'}, handle));
    byte[] handles =
        join(
            number(block.length),
            number(meta.length - 5),
            number(block.length + meta.length),
            number(index.length - 5));
    return join(
        block, meta, index, Arrays.copyOf(handles, 40), little(0x8B80FB57), little(0xDB477524));
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  /** An archive of files, in their order. */
  static byte[] archive(Map<String, byte[]> files) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }
}
