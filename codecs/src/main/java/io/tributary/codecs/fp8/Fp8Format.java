package io.tributary.codecs.fp8;

import io.tributary.codec.CodecId;
import io.tributary.codecs.block.BlockLayout;
import io.tributary.codecs.block.BlockScale;

/** The two formats that the package page draws, by the constants of their arithmetic. */
enum Fp8Format {
  E4M3(new CodecId(0x0010, "fp8e4m3", 1, 1), 3, 448L << 9, 480L << 9),
  E5M2(new CodecId(0x0011, "fp8e5m2", 1, 1), 2, 57344L << 16, 114688L << 16);

  private static final int FRACTION_BITS_OF_FLOAT = 23;
  private static final int BIAS = 127;

  private final CodecId id;
  private final BlockLayout layout;
  private final int shift;
  private final int leastNormal;

  /**
   * A format.
   *
   * @param largest the largest number that a block's largest magnitude becomes, in least magnitudes
   * @param last the largest number that a code means
   */
  Fp8Format(CodecId id, int fractionBits, long largest, long last) {
    this.id = id;
    BlockScale rule = BlockScale.forLargestCode(largest);
    int largestScale = BlockScale.forLargestCode(last).largest();
    layout =
        new BlockLayout(
            id.name(), Byte.SIZE, new BlockScale(rule.step(), rule.smallest(), largestScale), 256);
    shift = FRACTION_BITS_OF_FLOAT - fractionBits;
    leastNormal = (BIAS + fractionBits) << FRACTION_BITS_OF_FLOAT;
  }

  CodecId id() {
    return id;
  }

  BlockLayout layout() {
    return layout;
  }

  /** How far a code's magnitude lies to the left in a float32. */
  int shift() {
    return shift;
  }

  /** The pattern of the least number with e = 1, which is 2^f. */
  int leastNormal() {
    return leastNormal;
  }

  /** What takes a number's exponent to that of a number whose last place is the code's. */
  int toLastPlace() {
    return shift << FRACTION_BITS_OF_FLOAT;
  }

  /**
   * What is added to a code's magnitude, shifted, to get the number's pattern if e is at least 1.
   * For e = 0 it gets a number z of which {@code 2 z - 2^f} is meant; that is the lesser of both
   * then, and only then.
   */
  int exponentOffset() {
    return leastNormal - (1 << FRACTION_BITS_OF_FLOAT);
  }
}
