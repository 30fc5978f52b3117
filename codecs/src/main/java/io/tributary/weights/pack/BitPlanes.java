package io.tributary.weights.pack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

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
    int to = at;
    for (int bit = bits - 1; bit >= 0; bit--) {
      for (int row = 0; row < rows; row++) {
        packRow(codes, from + row * width, width, bit, target, to);
        to += stride;
      }
    }
  }

  /** Packs one plane of a row: with all planes in it the loop took 1.8 times as long for four. */
  private static void packRow(byte[] codes, int from, int width, int bit, byte[] target, int at) {
    int whole = width / 8;
    for (int i = 0; i < whole; i++) {
      target[at + i] = gathered((long) LONG.get(codes, from + 8 * i), bit);
    }
    if (8 * whole < width) {
      target[at + whole] = gathered(last(codes, from + 8 * whole, width - 8 * whole), bit);
    }
  }

  private static byte gathered(long eight, int bit) {
    return (byte) ((eight >>> bit & LOWEST) * GATHER >>> 56);
  }

  /** The last codes of a row, fewer than eight. */
  private static long last(byte[] codes, int at, int left) {
    long codesLeft = 0;
    for (int i = 0; i < left; i++) {
      codesLeft |= (codes[at + i] & 0xFFL) << 8 * i;
    }
    return codesLeft;
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
    int bytes = planeBytes(width);
    int bit = bits;
    int from = at;
    if (planes >= 4) {
      bit -= 4;
      for (int i = 0; i < bytes; i++) {
        long eight =
            SPREAD[source[from + i] & 0xFF] << 3
                | SPREAD[source[from + plane + i] & 0xFF] << 2
                | SPREAD[source[from + 2 * plane + i] & 0xFF] << 1
                | SPREAD[source[from + 3 * plane + i] & 0xFF];
        LONG.set(target, to + 8 * i, eight << bit);
      }
      from += 4 * plane;
    } else {
      Arrays.fill(target, to, to + 8 * bytes, (byte) 0);
    }
    for (; bit > bits - planes; from += plane) {
      bit--;
      for (int i = 0; i < bytes; i++) {
        long eight = (long) LONG.get(target, to + 8 * i);
        LONG.set(target, to + 8 * i, eight | SPREAD[source[from + i] & 0xFF] << bit);
      }
    }
  }
}
