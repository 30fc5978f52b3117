package io.tributary.weights.ggml;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How ggml's blocks keep codes: each byte combines some bits of codes that lie a stride apart.
 * Eight neighbours at once are shifts and masks of a long, since nothing leaves its byte.
 */
final class CodeFields {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWEST = 0x0101010101010101L;

  private CodeFields() {}

  /** Byte {@code i} gets the low halves of two codes, a stride apart. */
  static void putTwo(byte[] codes, int from, int stride, byte[] target, int to, int length) {
    for (int i = 0; i < length; i += Long.BYTES) {
      long low = read(codes, from + i) & 15 * LOWEST;
      long high = read(codes, from + i + stride) & 15 * LOWEST;
      LONG.set(target, to + i, low | high << 4);
    }
  }

  /** Byte {@code i} gets two bits of four codes each, from {@code bit} on. */
  static void putFour(
      byte[] codes, int from, int stride, int bit, byte[] target, int to, int length) {
    long mask = 3 * LOWEST;
    for (int i = 0; i < length; i += Long.BYTES) {
      int at = from + i;
      long first = read(codes, at) >>> bit & mask;
      long second = read(codes, at + stride) >>> bit & mask;
      long third = read(codes, at + 2 * stride) >>> bit & mask;
      long fourth = read(codes, at + 3 * stride) >>> bit & mask;
      LONG.set(target, to + i, first | second << 2 | third << 4 | fourth << 6);
    }
  }

  /** Byte {@code i} gets a bit of eight codes each. */
  static void putEight(
      byte[] codes, int from, int stride, int bit, byte[] target, int to, int length) {
    for (int i = 0; i < length; i += Long.BYTES) {
      int at = from + i;
      long low = bits(codes, at, stride, bit);
      LONG.set(target, to + i, low | bits(codes, at + 4 * stride, stride, bit) << 4);
    }
  }

  /**
   * Sixteen codes from -32 on: low halves of two that lie eight apart, then two bits of four that
   * lie four apart.
   */
  static void putSixBitScales(byte[] codes, int from, byte[] target, int to) {
    long first = read(codes, from) ^ 32 * LOWEST;
    long second = read(codes, from + 8) ^ 32 * LOWEST;
    LONG.set(target, to, first & 15 * LOWEST | (second & 15 * LOWEST) << 4);
    long upper = first >>> 4 & 3 * LOWEST | (second >>> 4 & 3 * LOWEST) << 4;
    INT.set(target, to + 8, (int) (upper | upper >>> 30));
  }

  /** The bits of four codes, in the low halves of the bytes. */
  private static long bits(byte[] codes, int at, int stride, int bit) {
    long mask = LOWEST << bit;
    long first = read(codes, at) & mask;
    long second = read(codes, at + stride) & mask;
    long third = read(codes, at + 2 * stride) & mask;
    long fourth = read(codes, at + 3 * stride) & mask;
    return (first | second << 1 | third << 2 | fourth << 3) >>> bit;
  }

  private static long read(byte[] codes, int at) {
    return (long) LONG.get(codes, at);
  }
}
