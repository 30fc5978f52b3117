package io.tributary.bench.guard;

/**
 * What the bad agents of a run do.
 *
 * @param name as the rows have it
 * @param factor what they multiply their honest contribution with; 1 for those that train on labels
 *     that are wrong
 */
record Attack(String name, float factor) {
  /** Nobody is bad. */
  static final Attack NONE = new Attack("none", 1);

  /** The opposite of what they found. */
  static final Attack SIGN_FLIP = new Attack("sign-flip", -1);

  /** Ten times what they found. */
  static final Attack SCALED = new Attack("scaled by 10", 10);

  /** The opposite of what they found, ten times. */
  static final Attack REVERSED = new Attack("sign-flip, scaled by 10", -10);

  /** What training on a text with the alphabet reversed yields. */
  static final Attack LABELS = new Attack("label-flip", 1);

  /** Whether anybody is bad. */
  boolean isOn() {
    return !equals(NONE);
  }

  /** The byte that stands for another one in a text with flipped labels: a for z, b for y. */
  static long flipped(long label) {
    if (label >= 'a' && label <= 'z') {
      return 'a' + 'z' - label;
    }
    if (label >= 'A' && label <= 'Z') {
      return 'A' + 'Z' - label;
    }
    return label >= 0x80 ? '?' : label;
  }
}
