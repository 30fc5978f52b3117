package io.tributary.bench.amaq;

import io.tributary.agent.trainer.SentenceWindows;
import java.util.Arrays;

/** Moments of channels, gathered over messages. */
final class ChannelSpread {
  private static final int MOMENTS = 4;
  private static final double OUTLIER = 3;

  private final double[][] sums;
  private long rows;

  ChannelSpread(int channels) {
    sums = new double[MOMENTS][channels];
  }

  /** Adds the rows that aren't padding. */
  void add(float[] activations, SentenceWindows sentences) {
    int channels = sums[0].length;
    for (int s = 0; s < sentences.count(); s++) {
      for (int i = 0; i < sentences.tokens(s); i++) {
        int at = (s * sentences.length() + i) * channels;
        for (int c = 0; c < channels; c++) {
          double power = 1;
          for (double[] sum : sums) {
            power *= activations[at + c];
            sum[c] += power;
          }
        }
        rows++;
      }
    }
  }

  CutChannels found(int cut) {
    int channels = sums[0].length;
    var deviations = new double[channels];
    int largest = 0;
    double kurtosis = 0;
    for (int c = 0; c < channels; c++) {
      double m1 = sums[0][c] / rows;
      double m2 = sums[1][c] / rows;
      double m3 = sums[2][c] / rows;
      double m4 = sums[3][c] / rows;
      double variance = m2 - m1 * m1;
      double fourth = m4 - 4 * m1 * m3 + 6 * m1 * m1 * m2 - 3 * m1 * m1 * m1 * m1;
      deviations[c] = Math.sqrt(Math.max(0, variance));
      kurtosis = Math.max(kurtosis, variance > 0 ? fourth / (variance * variance) : 0);
      if (deviations[c] > deviations[largest]) {
        largest = c;
      }
    }
    double[] sorted = deviations.clone();
    Arrays.sort(sorted);
    double median = sorted[channels / 2];
    int outliers = (int) Arrays.stream(sorted).filter(d -> d > OUTLIER * median).count();
    return new CutChannels(
        cut,
        median,
        deviations[largest],
        largest,
        deviations[largest] / median,
        outliers,
        kurtosis);
  }
}
