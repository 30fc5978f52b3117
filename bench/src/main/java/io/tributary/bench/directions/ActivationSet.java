package io.tributary.bench.directions;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Messages of activations that belong together.
 *
 * @param name as the rows have it
 * @param channels values a row
 * @param rows of each message
 * @param messages the values of each
 */
record ActivationSet(String name, int channels, int rows, List<float[]> messages) {
  private static final int CHANNELS = 128;
  private static final int ROWS = 512;
  private static final int MESSAGES = 24;
  private static final double STRENGTH = 60;

  /** Copies the list. */
  ActivationSet {
    messages = List.copyOf(messages);
  }

  /** Made-up ones: where directions should help, and where they must not be used. */
  static List<ActivationSet> synthetic(long seed) {
    return List.of(
        made("noise", seed, 0, 0, 0),
        made("one outlier direction", seed, 1, 0, 0),
        made("three outlier directions", seed, 3, 0, 0),
        made("two outlier channels", seed, 0, 2, 0),
        made("a common mean", seed, 0, 0, 4));
  }

  /**
   * Gaussian rows of deviation 1 a channel.
   *
   * @param directions random ones along which rows are {@value #STRENGTH} times longer
   * @param outliers channels that are {@value #STRENGTH} times larger
   * @param mean deviation of the channels' means
   */
  private static ActivationSet made(
      String name, long seed, int directions, int outliers, double mean) {
    var random = new SplittableRandom(seed);
    var basis = new double[directions][CHANNELS];
    for (double[] direction : basis) {
      for (int c = 0; c < CHANNELS; c++) {
        direction[c] = random.nextGaussian() / Math.sqrt(CHANNELS);
      }
    }
    var means = new double[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      means[c] = mean * random.nextGaussian();
    }
    var messages = new ArrayList<float[]>();
    for (int message = 0; message < MESSAGES; message++) {
      var values = new float[ROWS * CHANNELS];
      for (int row = 0; row < ROWS; row++) {
        var parts = new double[directions];
        for (int k = 0; k < directions; k++) {
          parts[k] = STRENGTH * random.nextGaussian();
        }
        for (int c = 0; c < CHANNELS; c++) {
          double value = means[c] + random.nextGaussian() * (c < outliers ? STRENGTH : 1);
          for (int k = 0; k < directions; k++) {
            value += parts[k] * basis[k][c];
          }
          values[row * CHANNELS + c] = (float) value;
        }
      }
      messages.add(values);
    }
    return new ActivationSet(name, CHANNELS, ROWS, messages);
  }
}
