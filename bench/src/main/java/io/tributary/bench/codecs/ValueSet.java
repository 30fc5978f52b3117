package io.tributary.bench.codecs;

import java.util.Random;

/** The kinds of values that codecs are measured on, rows of 4096 channels. */
enum ValueSet {
  /** Normally distributed. */
  N("normal", 0),
  /** Laplace, with 4 of 4096 channels twenty times as large. */
  L("Laplace with outlier channels", 2.03),
  /** Student-t with 4 degrees of freedom, with 4 of 4096 channels twenty times as large. */
  T("Student-t with outlier channels", 2.13);

  private static final int CHANNELS = 4096;
  private static final int OUTLIERS_EVERY = 1024;
  private static final float OUTLIER = 20f;
  private static final double DB_PER_BIT = 20 * Math.log10(2);

  private final String title;
  private final double boundDb;

  /**
   * A set.
   *
   * @param boundDb what Shannon's lower bound allows at 0 bits: by how much fewer bits say the same
   *     than for normally distributed values of one variance
   */
  ValueSet(String title, double boundDb) {
    this.title = title;
    this.boundDb = boundDb;
  }

  /** What the values are. */
  String title() {
    return title;
  }

  /** The highest signal-to-noise ratio in dB that any code of so many bits a value has. */
  double boundDb(double bits) {
    return DB_PER_BIT * bits + boundDb;
  }

  /** Fills an array; the same for the same seed. */
  void fill(float[] values, long seed) {
    var random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      boolean outlier = this != N && i % CHANNELS % OUTLIERS_EVERY == OUTLIERS_EVERY / 2;
      values[i] = (float) value(random) * (outlier ? OUTLIER : 1f);
    }
  }

  private double value(Random random) {
    return switch (this) {
      case N -> random.nextGaussian();
      case L -> {
        double magnitude = -Math.log(1 - random.nextDouble()) / Math.sqrt(2);
        yield random.nextBoolean() ? magnitude : -magnitude;
      }
      case T -> {
        double normal = random.nextGaussian();
        // A chi-squared number of 4 degrees of freedom is twice a sum of two exponential ones.
        double chi = -2 * (Math.log(1 - random.nextDouble()) + Math.log(1 - random.nextDouble()));
        yield normal / Math.sqrt(chi / 4);
      }
    };
  }
}
