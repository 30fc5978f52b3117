package io.tributary.file;

/**
 * How values lie in bytes: in blocks of so many values that take so many bytes each. Safe for any
 * thread.
 */
public interface ValueBlocks {
  /** The values of a block, at least 1. */
  int blockValues();

  /** The bytes of a block, at least 1. */
  int blockBytes();

  /**
   * Reads whole blocks that follow each other. The caller sees to it that they are there.
   *
   * @param at the first block's first byte
   * @param to where in {@code target} the first value goes
   */
  void decode(byte[] source, int at, int blocks, float[] target, int to);
}
