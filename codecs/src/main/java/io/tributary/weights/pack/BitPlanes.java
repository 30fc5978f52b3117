package io.tributary.weights.pack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Codes of 1 to 8 bits as planes: first the highest bits of all codes, eight to a byte with the
 * first code's bit lowest, then the next lower bits. A row begins at a byte.
 *
 * <p>Eight codes at a time in a long: a multiplication gathers a bit of each into one byte, a table
 * spreads a byte's bits over eight.
 */
final class BitPlanes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWEST = 0x0101_0101_0101_0101L;
  private static final long GATHER = 0x0102_0408_1020_4080L;
  private static final long[] SPREAD = new long[256];

  static {
    for (int bits = 0; bits < 256; bits++) {
      for (int i = 0; i < 8; i++) {
        SPREAD[bits] |= (long) (bits >>> i & 1) << 8 * i;
      }
    }
  }

  private BitPlanes() {}

  /** The bytes of one plane of a row. */
  static int planeBytes(int width) {
    return (width + 7) / 8;
  }

  /** Packs rows of codes, one a byte, that follow each other. */
  static void pack(byte[] codes, int from, int rows, int width, int bits, byte[] target, int at) {
    int stride = planeBytes(width);
    int plane = rows * stride;
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < width; j += 8) {
        long eight = eight(codes, from + row * width + j, width - j);
        int to = at + row * stride + j / 8;
        for (int bit = bits - 1; bit >= 0; bit--) {
          target[to] = (byte) ((eight >>> bit & LOWEST) * GATHER >>> 56);
          to += plane;
        }
      }
    }
  }

  private static long eight(byte[] codes, int at, int left) {
    if (left >= 8) {
      return (long) LONG.get(codes, at);
    }
    long eight = 0;
    for (int i = 0; i < left; i++) {
      eight |= (codes[at + i] & 0xFFL) << 8 * i;
    }
    return eight;
  }

  /**
   * Unpacks rows whose lowest {@code bits - planes} planes are missing and taken for zero.
   *
   * @param target one code a byte, with room for seven more behind the last
   */
  static void unpack(
      byte[] source, int at, int rows, int width, int bits, int planes, byte[] target) {
    int stride = planeBytes(width);
    int plane = rows * stride;
    for (int row = 0; row < rows; row++) {
      unpackRow(source, at + row * stride, plane, width, bits, planes, target, row * width);
    }
  }

  /**
   * Unpacks one row.
   *
   * @param plane the bytes from one plane to the next
   */
  static void unpackRow(
      byte[] source, int at, int plane, int width, int bits, int planes, byte[] target, int to) {
    for (int j = 0; j < width; j += 8) {
      long eight = 0;
      int from = at + j / 8;
      for (int bit = bits - 1; bit >= bits - planes; bit--) {
        eight |= SPREAD[source[from] & 0xFF] << bit;
        from += plane;
      }
      LONG.set(target, to + j, eight);
    }
  }
}
