package io.tributary.codecs.channelwise;

import java.util.SplittableRandom;

/** Activations for tests: channels of different size, mean and shape, the same for a seed. */
public final class CutSamples {
  private CutSamples() {}

  /**
   * Rows of channels whose deviation lies between 2^-6 and 2^6, some with outliers, some constant,
   * some zero.
   */
  public static float[] activations(int rows, int channels, long seed) {
    var random = new SplittableRandom(seed);
    var values = new float[rows * channels];
    for (int c = 0; c < channels; c++) {
      float deviation = Math.scalb(1f, random.nextInt(13) - 6);
      float mean = (random.nextInt(9) - 4) * deviation;
      int shape = random.nextInt(8);
      for (int i = 0; i < rows; i++) {
        float x = normal(random);
        if (shape == 0) {
          x = 0;
        } else if (shape == 1) {
          x *= random.nextInt(50) == 0 ? 30 : 1;
        }
        values[i * channels + c] = shape == 2 ? 0f : mean + deviation * x;
      }
    }
    return values;
  }

  /** A sum of twelve uniform numbers: no logarithm, so the same bits on every machine. */
  public static float normal(SplittableRandom random) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return (float) sum;
  }
}
