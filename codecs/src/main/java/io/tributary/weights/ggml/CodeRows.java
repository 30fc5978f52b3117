package io.tributary.weights.ggml;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where ggml's super-blocks keep codes. All methods take the codes of value {@code j} of eight
 * groups at once, a byte each, the first group's the lowest: a strip has them side by side, and
 * what belongs into one byte of a block is a shift away.
 */
final class CodeRows {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWEST = 0x0101010101010101L;

  private CodeRows() {}

  /** Of eight groups, the first of which is {@code group}. */
  static long read(GroupStrip strip, int j, int group) {
    return (long) LONG.get(strip.codes, j * GroupStrip.GROUPS + group);
  }

  /** Low halves of bytes from pairs of neighbours, 32 bytes from pair to pair. */
  static void putNibblePairs(long row, byte[] target, int at) {
    long low = row & 15 * LOWEST;
    long pairs = low | low >>> 4;
    for (int pair = 0; pair < 4; pair++) {
      target[at + 32 * pair] = (byte) (pairs >>> 16 * pair);
    }
  }

  /** A byte with a bit of each group. */
  static byte bits(long row, int bit) {
    return (byte) ((row >>> bit & LOWEST) * 0x0102040810204080L >>> 56);
  }

  /**
   * Two bits each, from {@code bit} on: one byte of the even groups, 16 further on the odd ones'.
   */
  static void putTwoBits(long row, int bit, byte[] target, int at) {
    long low = row >>> bit & 3 * LOWEST;
    long pairs = low | low >>> 14;
    long fours = pairs | pairs >>> 28;
    target[at] = (byte) fours;
    target[at + 16] = (byte) (fours >>> 8);
  }

  /** Adds a bit each: one byte gets the even groups', 16 further on the odd ones'. */
  static void addBits(long row, int bit, int shift, byte[] target, int at) {
    long low = row >>> bit & LOWEST;
    long pairs = low | low >>> 15;
    long fours = pairs | pairs >>> 30;
    target[at] |= (byte) ((fours & 15) << shift);
    target[at + 16] |= (byte) ((fours >>> 8 & 15) << shift);
  }

  /** Low halves of bytes from groups that are four apart, 16 bytes from pair to pair. */
  static void putNibbleQuarters(long row, byte[] target, int at) {
    long low = row & 15 * LOWEST;
    long pairs = low | low >>> 28;
    for (int pair = 0; pair < 4; pair++) {
      target[at + 16 * pair] = (byte) (pairs >>> 8 * pair);
    }
  }
}
