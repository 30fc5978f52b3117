package io.tributary.weights.pack;

/**
 * How blocks of rows lie in bytes. Its text, from {@link Object#toString}, together with its side
 * bytes says all that a decoder must know. Immutable, safe for any thread.
 */
public interface RowLayout {
  /**
   * The most bytes that a block may take: exactly those it takes, unless the layout's blocks differ
   * in size.
   *
   * @param rows rows of the block
   * @param width values in each
   */
  long blockBytes(long rows, int width);

  /**
   * Where a block may be cut so that what is before the cut is a coarser block: ascending offsets,
   * none if it can't be cut.
   */
  default int[] cuts(int rows, int width) {
    return new int[0];
  }

  /**
   * Decodes a block.
   *
   * @param block all its bytes, or those before one of its {@link #cuts}
   * @param target room for {@code rows * width} values from {@code at}
   * @throws io.tributary.error.TributaryException {@code STORAGE} if the bytes contradict
   *     themselves or the number of rows
   */
  void unpack(byte[] block, int rows, int width, float[] target, int at);

  /** What all blocks of a tensor share beside the text; usually nothing. */
  default byte[] side() {
    return new byte[0];
  }
}
