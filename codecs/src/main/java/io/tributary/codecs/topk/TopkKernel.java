package io.tributary.codecs.topk;

/** The two passes that touch every value of a block. Stateless, safe for any thread. */
interface TopkKernel {
  int MAGNITUDE = 0x7FFF_FFFF;

  /**
   * Finds the largest magnitude pattern of each group of a whole block; which values make a group
   * is the kernel's choice.
   *
   * @param groups the number of groups, a power of two of 64 or more
   * @param largest gets the patterns
   */
  void largest(float[] source, int from, int groups, int[] largest);

  /**
   * Collects the indices of values whose magnitude pattern is at least a bound, in rising order.
   *
   * @param count the values of the block, perhaps fewer than a whole one's
   * @return how many there are
   */
  int collect(float[] source, int from, int count, int bound, int[] indices);
}
