package io.tributary.codecs.e3m0;

import io.tributary.codec.CodecId;
import io.tributary.codecs.block.BlockLayout;
import io.tributary.codecs.block.BlockScale;

/** The constants of the format that the package page draws. */
final class E3m0Layout {
  static final CodecId ID = new CodecId(0x0005, "e3m0", 1, 1);
  static final BlockScale SCALE = BlockScale.forLargestCode(64);
  static final BlockLayout LAYOUT = new BlockLayout(ID.name(), 4, SCALE, 256);

  static final int SIGN = 8;
  static final int INDEX = 7;

  /** The pattern of 0.5, from which on a value has an index other than 0. */
  static final int LEAST = 0x3F00_0000;

  /** Half of the range of a significand: what carries into the exponent from 1.5 on. */
  static final int HALF_SIGNIFICAND = 0x0040_0000;

  /** The exponent field of 0.5, which is one below that of index 1. */
  static final int EXPONENT_BELOW_INDEX_1 = 126;

  private E3m0Layout() {}
}
