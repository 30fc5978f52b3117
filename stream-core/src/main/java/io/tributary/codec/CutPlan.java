package io.tributary.codec;

import io.tributary.error.Errors;

/**
 * What both ends of a cut agree on before the first message.
 *
 * @param channels values a row: the width of the model at the cut, 1 to 65,536
 * @param maxRows the most rows of one message; {@code channels * maxRows} is below 2^28
 * @param budgetBits bits a value to come down to, above 0 and up to 16
 * @param startBits bits a value to begin with, at least the budget; for codecs that begin finer
 * @param steps training steps until the end, by which schedules are measured; at least 1
 * @param seed where stochastic rounding comes from
 */
public record CutPlan(
    int channels, int maxRows, double budgetBits, double startBits, int steps, long seed) {
  private static final int MOST_CHANNELS = 1 << 16;
  private static final int MOST_VALUES = 1 << 28;
  private static final int MOST_BITS = 16;

  /** Checks every component. */
  public CutPlan {
    if (channels < 1 || channels > MOST_CHANNELS) {
      throw Errors.invalidSetting("channels of the cut", channels, "1 to " + MOST_CHANNELS);
    }
    if (maxRows < 1 || (long) maxRows * channels >= MOST_VALUES) {
      throw Errors.invalidSetting(
          "rows of a message", maxRows, "1 or more, below " + MOST_VALUES / channels);
    }
    if (!(budgetBits > 0) || budgetBits > MOST_BITS) {
      throw Errors.invalidSetting("bits a value", budgetBits, "above 0, at most " + MOST_BITS);
    }
    if (!(startBits >= budgetBits) || startBits > MOST_BITS) {
      throw Errors.invalidSetting(
          "bits a value at the start", startBits, budgetBits + " to " + MOST_BITS);
    }
    if (steps < 1) {
      throw Errors.invalidSetting("steps", steps, "1 or more");
    }
  }

  /** The number of values in so many rows. */
  public int values(int rows) {
    return Math.multiplyExact(rows, channels);
  }
}
