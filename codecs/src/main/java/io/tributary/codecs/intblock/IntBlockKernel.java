package io.tributary.codecs.intblock;

import io.tributary.codecs.block.BlockKernel;

/** A kernel that also tells what codes mean before they are multiplied by their scales. */
interface IntBlockKernel extends BlockKernel {
  /** Writes the meanings of {@code count} codes, a multiple of the group. */
  void decodeCodes(byte[] source, int codesAt, int count, float[] target);
}
