package io.tributary.codecs.int4block;

import io.tributary.codec.CodecId;
import io.tributary.codecs.block.BlockLayout;
import io.tributary.codecs.block.BlockScale;

/** The constants of the format that the package page draws. */
final class Int4BlockLayout {
  static final CodecId ID = new CodecId(0x0004, "int4block", 1, 1);
  static final BlockScale SCALE = BlockScale.forLargestCode(7);
  static final BlockLayout LAYOUT = new BlockLayout(ID.name(), 4, SCALE, 64);

  /**
   * Added to a number of magnitude below 2^22, it leaves no fraction bits in the sum, so the sum is
   * the number rounded to nearest even, as an integer in the low bits of the pattern.
   */
  static final float ROUNDER = 0x1.8p23f;

  private Int4BlockLayout() {}
}
