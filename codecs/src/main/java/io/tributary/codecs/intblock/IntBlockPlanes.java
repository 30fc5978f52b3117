package io.tributary.codecs.intblock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Moves the codes of whole groups between bytes and planes, eight codes in a long at a time. Safe
 * for any thread.
 */
final class IntBlockPlanes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long BYTES = 0x0101_0101_0101_0101L;
  private static final long NIBBLES = 0x0F * BYTES;
  private static final long PAIRS = 3 * BYTES;
  private static final long TOPS = 0x8080_8080_8080_8080L;

  private final boolean four;
  private final boolean two;
  private final boolean one;
  private final int groupBytes;
  private final long signs;
  private final int spread;
  private final long offset;

  IntBlockPlanes(IntBlockFormat format) {
    int bits = format.bits();
    four = (bits & 4) != 0;
    two = (bits & 2) != 0;
    one = (bits & 1) != 0;
    groupBytes = Long.BYTES * bits;
    signs = (1L << bits - 1) * BYTES;
    spread = format.stepShift();
    offset = (bits == 2 ? 12 : 1L << bits - 1 + spread) * BYTES;
  }

  /** Packs the low bits of 64 bytes for each group. */
  void pack(byte[] codes, int groups, byte[] target, int at) {
    int plane = at;
    int shift = 0;
    if (four) {
      packNibbles(codes, groups, target, plane, groupBytes);
      plane += 32;
      shift = 4;
    }
    if (two) {
      packPairs(codes, groups, shift, target, plane, groupBytes);
      plane += 16;
      shift += 2;
    }
    if (one) {
      packBits(codes, groups, shift, target, plane, groupBytes);
    }
  }

  private static void packNibbles(byte[] codes, int groups, byte[] target, int at, int stride) {
    for (int i = 0; i < groups; i++) {
      for (int j = 0; j < 32; j += 8) {
        long low = (long) LONG.get(codes, 64 * i + j) & NIBBLES;
        long high = (long) LONG.get(codes, 64 * i + j + 32) & NIBBLES;
        LONG.set(target, at + stride * i + j, low | high << 4);
      }
    }
  }

  private static void packPairs(
      byte[] codes, int groups, int shift, byte[] target, int at, int stride) {
    for (int i = 0; i < groups; i++) {
      for (int j = 0; j < 16; j += 8) {
        long a = (long) LONG.get(codes, 64 * i + j) >>> shift & PAIRS;
        long b = (long) LONG.get(codes, 64 * i + j + 16) >>> shift & PAIRS;
        long c = (long) LONG.get(codes, 64 * i + j + 32) >>> shift & PAIRS;
        long d = (long) LONG.get(codes, 64 * i + j + 48) >>> shift & PAIRS;
        LONG.set(target, at + stride * i + j, a | b << 2 | c << 4 | d << 6);
      }
    }
  }

  private static void packBits(
      byte[] codes, int groups, int shift, byte[] target, int at, int stride) {
    for (int i = 0; i < groups; i++) {
      long plane = 0;
      for (int k = 0; k < 8; k++) {
        plane |= ((long) LONG.get(codes, 64 * i + 8 * k) >>> shift & BYTES) << k;
      }
      LONG.set(target, at + stride * i, plane);
    }
  }

  /** Unpacks what codes mean, before they are multiplied by a scale: 64 bytes for each group. */
  void unpack(byte[] source, int at, int groups, byte[] codes) {
    int plane = at;
    int shift = 0;
    if (four) {
      unpackNibbles(source, plane, groupBytes, groups, codes);
      plane += 32;
      shift = 4;
    }
    if (two) {
      unpackPairs(source, plane, groupBytes, groups, shift, codes);
      plane += 16;
      shift += 2;
    }
    if (one) {
      unpackBits(source, plane, groupBytes, groups, shift, codes);
    }
    extendSigns(groups, codes);
  }

  private static void unpackNibbles(byte[] source, int at, int stride, int groups, byte[] codes) {
    for (int i = 0; i < groups; i++) {
      for (int j = 0; j < 32; j += 8) {
        long plane = (long) LONG.get(source, at + stride * i + j);
        LONG.set(codes, 64 * i + j, plane & NIBBLES);
        LONG.set(codes, 64 * i + j + 32, plane >>> 4 & NIBBLES);
      }
    }
  }

  private static void unpackPairs(
      byte[] source, int at, int stride, int groups, int shift, byte[] codes) {
    long keep = shift == 0 ? 0 : NIBBLES;
    for (int i = 0; i < groups; i++) {
      for (int j = 0; j < 16; j += 8) {
        long plane = (long) LONG.get(source, at + stride * i + j);
        add(plane & PAIRS, shift, keep, codes, 64 * i + j);
        add(plane >>> 2 & PAIRS, shift, keep, codes, 64 * i + j + 16);
        add(plane >>> 4 & PAIRS, shift, keep, codes, 64 * i + j + 32);
        add(plane >>> 6 & PAIRS, shift, keep, codes, 64 * i + j + 48);
      }
    }
  }

  private static void unpackBits(
      byte[] source, int at, int stride, int groups, int shift, byte[] codes) {
    for (int i = 0; i < groups; i++) {
      long plane = (long) LONG.get(source, at + stride * i);
      for (int k = 0; k < 8; k++) {
        add(plane >>> k & BYTES, shift, -1, codes, 64 * i + 8 * k);
      }
    }
  }

  private static void add(long part, int shift, long keep, byte[] codes, int at) {
    LONG.set(codes, at, (long) LONG.get(codes, at) & keep | part << shift);
  }

  private void extendSigns(int groups, byte[] codes) {
    for (int i = 0; i < 64 * groups; i += 8) {
      // With the top bit of each byte set, no byte borrows from its neighbour.
      long raised = ((long) LONG.get(codes, i) ^ signs) << spread | TOPS;
      LONG.set(codes, i, raised - offset ^ TOPS);
    }
  }
}
