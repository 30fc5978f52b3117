package io.tributary.bench.guard;

/**
 * What the bad agents of a run do.
 *
 * @param name as the rows have it
 * @param factor what they multiply with what training yields
 * @param flipsLabels whether they train on labels that are wrong
 * @param together whether all of them send the same, as if they were one
 */
record Attack(String name, float factor, boolean flipsLabels, boolean together) {
  /** Nobody is bad. */
  static final Attack NONE = new Attack("none", 1, false, false);

  /** The opposite of what they found. */
  static final Attack SIGN_FLIP = new Attack("sign-flip", -1, false, false);

  /**
   * Four times the opposite of what one of them found, from all of them. More than {@code (n - f) /
   * f} times, here three, turns the mean of all around: what Li et al. (2019), "RSA:
   * Byzantine-robust stochastic aggregation methods", call sign flipping, and Xie, Koyejo and Gupta
   * (2020), "Fall of empires", inner product manipulation.
   */
  static final Attack TURNED = new Attack("sign-flip by 4, together", -4, false, true);

  /** Ten times what they found. */
  static final Attack SCALED = new Attack("scaled by 10", 10, false, false);

  /** The opposite of what they found, ten times. */
  static final Attack REVERSED = new Attack("sign-flip, scaled by 10", -10, false, false);

  /** What training on a text with the alphabet reversed yields. */
  static final Attack LABELS = new Attack("label-flip", 1, true, false);

  /**
   * Four times what such training yields, from all of them: {@code n / f} times puts their model in
   * the place of the mean, the model replacement of Bagdasaryan et al. (2020), "How to backdoor
   * federated learning".
   */
  static final Attack REPLACED = new Attack("label-flip by 4, together", 4, true, true);

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
