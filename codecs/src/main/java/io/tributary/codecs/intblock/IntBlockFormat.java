package io.tributary.codecs.intblock;

import io.tributary.codec.CodecId;
import io.tributary.codecs.block.BlockLayout;
import io.tributary.codecs.block.BlockScale;

/** The formats that the package page draws. */
enum IntBlockFormat {
  INT2(0x0007, "int2block", 2, false),
  INT3(0x0008, "int3block", 3, false),
  INT5(0x0009, "int5block", 5, false),
  INT6(0x000A, "int6block", 6, false),
  INT7(0x000B, "int7block", 7, false),
  INT2_ROTATED(0x0014, "int2wh", 2, true),
  INT3_ROTATED(0x0015, "int3wh", 3, true),
  INT4_ROTATED(0x0016, "int4wh", 4, true);

  /**
   * Added to a number of magnitude below 2^22, it leaves no fraction bits in the sum, so the sum is
   * the number rounded to nearest even, as an integer in the low bits of the pattern.
   */
  static final float ROUNDER = 0x1.8p23f;

  /** The scales of a block's largest magnitude where a code has 2 or 3 bits. */
  private static final int LEVELS = 12;

  private final CodecId id;
  private final BlockLayout layout;
  private final boolean rotated;

  IntBlockFormat(int number, String name, int bits, boolean rotated) {
    id = new CodecId(number, name, 1, 1);
    layout = new BlockLayout(name, bits, scale(bits), 64);
    this.rotated = rotated;
  }

  private static BlockScale scale(int bits) {
    return switch (bits) {
      case 2 -> twoBits();
      case 3 -> BlockScale.forLargestCode(LEVELS);
      default -> BlockScale.forLargestCode((1 << bits - 1) - 1);
    };
  }

  /** With codes of 2 bits, a scale is first made as for 8 bits, see {@link Int2Scale}. */
  private static BlockScale twoBits() {
    BlockScale ruler = BlockScale.forLargestCode(127);
    int largest = BlockScale.forLargestCode(LEVELS).largest();
    return new BlockScale(ruler.step(), ruler.smallest(), largest);
  }

  CodecId id() {
    return id;
  }

  BlockLayout layout() {
    return layout;
  }

  int bits() {
    return layout.codeBits();
  }

  /** How often a code's step is doubled, so that the reciprocal of every scale is normal. */
  int stepShift() {
    return switch (bits()) {
      case 2 -> 3;
      case 3 -> 2;
      default -> 0;
    };
  }

  /** What takes a value, in scales, to its code in the low bits of the sum. */
  float rounder() {
    return ROUNDER * (1 << stepShift());
  }

  /** Whether whole blocks are rotated before they are quantized. */
  boolean rotated() {
    return rotated;
  }
}
