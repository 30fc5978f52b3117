package io.tributary.codecs.amaq;

import io.tributary.codecs.channelwise.ChannelGrid;
import io.tributary.codecs.channelwise.ChannelTables;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of side messages: a table, the change of one, and the request for one.
 *
 * <pre>
 *  0   u8   form: 1 table, 2 change, 3 request
 *  1   u24  channels; 0 in a request
 *  4   u32  version
 *  8   u32  form 2: the version that is changed
 *           form 1: CRC-32C of the widths, a byte each
 * 12        form 1: widths in 4 bits, from the lowest up
 *           form 2: u32 CRC-32C of the widths after the change, then for each changed channel its
 *           number in 24 bits and its width in 8, channels rising
 * </pre>
 */
final class AmaqTable {
  static final int TABLE = 1;
  static final int CHANGE = 2;
  static final int REQUEST = 3;

  static final int REQUEST_BYTES = 8;
  private static final int VERSION_OFFSET = 4;
  private static final int BASE_OFFSET = 8;
  private static final int HEADER_BYTES = 12;
  private static final int CHANGE_HEADER_BYTES = 16;
  private static final int MASK = 0xFF_FFFF;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private AmaqTable() {}

  static byte[] request(int version) {
    var bytes = new byte[REQUEST_BYTES];
    INT.set(bytes, 0, REQUEST);
    INT.set(bytes, VERSION_OFFSET, version);
    return bytes;
  }

  /** The version that a request asks for. */
  static int requested(byte[] request) {
    expect(request.length == REQUEST_BYTES, request.length, REQUEST_BYTES + " bytes of a request");
    expect((int) INT.get(request, 0) == REQUEST, 0, "form 3, a request");
    int version = (int) INT.get(request, VERSION_OFFSET);
    expect(version > 0, VERSION_OFFSET, "a version from 1 on");
    return version;
  }

  /** A whole table. */
  static byte[] table(int version, byte[] widths) {
    var bytes = new byte[HEADER_BYTES + (widths.length + 1) / 2];
    INT.set(bytes, 0, TABLE | (widths.length << Byte.SIZE));
    INT.set(bytes, VERSION_OFFSET, version);
    INT.set(bytes, BASE_OFFSET, checksum(widths));
    for (int c = 0; c < widths.length; c++) {
      bytes[HEADER_BYTES + c / 2] |= (byte) (widths[c] << (4 * (c & 1)));
    }
    return bytes;
  }

  /** What is different from another table, or the whole one if that is shorter. */
  static byte[] change(int version, byte[] widths, int base, byte[] before) {
    int changes = 0;
    for (int c = 0; c < widths.length; c++) {
      changes += widths[c] == before[c] ? 0 : 1;
    }
    if (CHANGE_HEADER_BYTES + Integer.BYTES * changes >= HEADER_BYTES + (widths.length + 1) / 2) {
      return table(version, widths);
    }
    var bytes = new byte[CHANGE_HEADER_BYTES + Integer.BYTES * changes];
    INT.set(bytes, 0, CHANGE | (widths.length << Byte.SIZE));
    INT.set(bytes, VERSION_OFFSET, version);
    INT.set(bytes, BASE_OFFSET, base);
    INT.set(bytes, HEADER_BYTES, checksum(widths));
    int next = CHANGE_HEADER_BYTES;
    for (int c = 0; c < widths.length; c++) {
      if (widths[c] != before[c]) {
        INT.set(bytes, next, c | (widths[c] << 24));
        next += Integer.BYTES;
      }
    }
    return bytes;
  }

  private static int checksum(byte[] widths) {
    var crc = new CRC32C();
    crc.update(widths);
    return (int) crc.getValue();
  }

  /** Reads a table or a change into what is here. */
  static void read(byte[] source, int at, int length, int channels, ChannelTables known) {
    expect(length >= HEADER_BYTES, length, "at least " + HEADER_BYTES + " bytes of a table");
    int head = (int) INT.get(source, at);
    int form = head & 0xFF;
    expect(form == TABLE || form == CHANGE, 0, "form 1 or 2, a table");
    expect(head >>> Byte.SIZE == channels, 1, channels + " channels");
    int version = (int) INT.get(source, at + VERSION_OFFSET);
    expect(version > 0, VERSION_OFFSET, "a version from 1 on");
    int sum = (int) INT.get(source, at + BASE_OFFSET);
    byte[] widths;
    if (form == TABLE) {
      widths = readTable(source, at, length, channels);
    } else {
      expect(length >= CHANGE_HEADER_BYTES, length, "a checksum");
      widths = known.table(sum).clone();
      sum = (int) INT.get(source, at + HEADER_BYTES);
      readChanges(source, at, length, widths);
    }
    for (int c = 0; c < channels; c++) {
      boolean fits = widths[c] >= ChannelGrid.LEAST_BITS && widths[c] <= ChannelGrid.MOST_BITS;
      expect(fits, HEADER_BYTES, "widths of 2 to 8 bits");
    }
    expect(checksum(widths) == sum, form == TABLE ? BASE_OFFSET : HEADER_BYTES, "its checksum");
    byte[] former = known.find(version);
    expect(
        former == null || Arrays.equals(former, widths),
        VERSION_OFFSET,
        "version " + version + " as it was before");
    known.put(version, widths);
  }

  private static byte[] readTable(byte[] source, int at, int length, int channels) {
    int expected = HEADER_BYTES + (channels + 1) / 2;
    expect(length == expected, Math.min(length, expected), expected + " bytes of a table");
    var widths = new byte[channels];
    for (int c = 0; c < channels; c++) {
      widths[c] = (byte) ((source[at + HEADER_BYTES + c / 2] >> (4 * (c & 1))) & 0xF);
    }
    return widths;
  }

  private static void readChanges(byte[] source, int at, int length, byte[] widths) {
    int rest = length - CHANGE_HEADER_BYTES;
    expect(rest % Integer.BYTES == 0, length, "whole changes");
    int before = -1;
    for (int i = CHANGE_HEADER_BYTES; i < length; i += Integer.BYTES) {
      int change = (int) INT.get(source, at + i);
      int channel = change & MASK;
      expect(channel > before && channel < widths.length, i, "channels that rise");
      widths[channel] = (byte) (change >>> 24);
      before = channel;
    }
  }

  private static void expect(boolean holds, long offset, String what) {
    if (!holds) {
      throw new MalformedInputException(
          ErrorCode.CORRUPT_PAYLOAD, "amaq table", offset, "expected " + what);
    }
  }
}
