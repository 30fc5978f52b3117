package io.tributary.codecs.fp4;

import io.tributary.codecs.block.BlockScale;

/**
 * What the scale bytes of a chunk mean, and which one a block gets. A scale is handled as what the
 * least code other than zero means; the other codes are 2, 3, 4, 6, 8 and 12 times that.
 *
 * <p>mxfp4's never change and are safe for any thread; nvfp4's belong to a thread and are set anew
 * for each chunk.
 */
final class Fp4Scales {
  /** The rule of nvfp4's chunk scales: 6 times 448 is the largest number of a chunk. */
  static final ChunkScale CHUNK = ChunkScale.create();

  private static final Fp4Scales POWERS_OF_TWO = powersOfTwo();
  private static final ThreadLocal<Fp4Scales> OF_THREAD =
      ThreadLocal.withInitial(() -> new Fp4Scales(false));

  private static final int EXPONENT = 0x7F80_0000;
  private static final int EIGHT = 0x4100_0000;

  /** Takes 8 to the power of two whose last place is 1. */
  private static final int TO_LAST_PLACE = 20 << 23;

  /** The units of the least number of e4m3 in 1. */
  private static final float UNITS = 512;

  private final boolean powers;

  /** What the least code means, by scale byte. */
  final float[] meaning = new float[256];

  /** One divided by that, or 0. */
  final float[] factors = new float[256];

  private float toUnits;

  private Fp4Scales(boolean powers) {
    this.powers = powers;
  }

  private static Fp4Scales powersOfTwo() {
    var scales = new Fp4Scales(true);
    for (int i = 2; i <= 252; i++) {
      scales.meaning[i] = Math.scalb(1f, i - 128);
      scales.factors[i] = Math.scalb(1f, 128 - i);
    }
    return scales;
  }

  /** Those of a chunk of a format, with the chunk scale as the upper 16 bits of a float32. */
  static Fp4Scales of(Fp4Format format, int chunkScale) {
    if (format == Fp4Format.MXFP4) {
      return POWERS_OF_TWO;
    }
    Fp4Scales scales = OF_THREAD.get();
    scales.set(BlockScale.value(chunkScale));
    return scales;
  }

  private void set(float chunkScale) {
    float unit = chunkScale * 0x1p-10f;
    for (int i = 0; i < 0x7F; i++) {
      int exponent = Math.max(1, i >>> 3);
      int units = (i < 8 ? i : 8 + (i & 7)) << exponent - 1;
      meaning[i] = units * unit;
      factors[i] = meaning[i] == 0 ? 0 : 1 / meaning[i];
    }
    toUnits = chunkScale == 0 ? 0 : UNITS / 6 / chunkScale;
  }

  /** Whether scales are powers of two. */
  boolean arePowers() {
    return powers;
  }

  /** What takes a block's largest magnitude to units of e4m3. */
  float toUnits() {
    return toUnits;
  }

  /** The scale byte of a block by the pattern of its largest magnitude, which is finite. */
  int of(int largest) {
    if (powers) {
      // A quarter of a significand's range carries into the exponent from 1.75 on.
      return Math.max(2, Math.min((largest + 0x20_0000 >>> 23) - 2, 252));
    }
    float y = Float.intBitsToFloat(largest) * toUnits;
    int exponent = Math.max(Float.floatToRawIntBits(y) & EXPONENT, EIGHT);
    int rounder = exponent + TO_LAST_PLACE;
    int significand = Float.floatToRawIntBits(y + Float.intBitsToFloat(rounder)) - rounder;
    return Math.min(significand + (exponent - EIGHT >>> 20), 0x7E);
  }

  /** The chunk scale: bf16 numbers from 2^-116 on, so that every product is normal and exact. */
  record ChunkScale(BlockScale rule) {
    private static final int LEAST = 0x0580;

    private static ChunkScale create() {
      BlockScale rule = BlockScale.forLargestCode(6 * 448);
      int smallest = Float.floatToRawIntBits(0x1p-104f);
      return new ChunkScale(new BlockScale(rule.step(), smallest, rule.largest()));
    }

    /** The scale of a chunk by the pattern of its largest magnitude, which is finite. */
    int of(int largest) {
      return rule.of(largest);
    }

    boolean accepts(int scale) {
      return scale == 0 || (scale >= LEAST && scale <= rule.largest());
    }

    int largest() {
      return rule.largest();
    }
  }
}
