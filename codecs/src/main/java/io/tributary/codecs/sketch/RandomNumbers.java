package io.tributary.codecs.sketch;

/** Random numbers that are a function of where they are used, so that there is no state to save. */
final class RandomNumbers {
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  private RandomNumbers() {}

  /** A number above 0 and at most 1. */
  static double uniform(long seed, long stream, long index) {
    long bits = mix(mix(mix(seed + GOLDEN) + stream * GOLDEN) + index * GOLDEN);
    return ((bits >>> 11) + 1) * 0x1p-53;
  }

  /* The finalizer of SplittableRandom (Steele, Lea and Flood 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
