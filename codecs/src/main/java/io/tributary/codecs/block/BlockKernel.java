package io.tributary.codecs.block;

/**
 * The arithmetic of a block codec on runs of blocks: primitive arrays only, no header, no checks.
 *
 * <p>The codec around it has checked all ranges, and all scales of what is decoded. In a run, every
 * block has {@code block} values but the last, which has what is left. Implementations keep no
 * state between calls and may be called by several threads at once. All implementations of one
 * codec give the same bits.
 */
public interface BlockKernel {
  /**
   * Writes scales and codes of {@code count} values.
   *
   * @return whether all values are finite; if not, what was written means nothing
   */
  boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt);

  /** Writes {@code count} decoded values. */
  void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from);

  /** Adds {@code count} decoded values to what is there. */
  void accumulate(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from);
}
