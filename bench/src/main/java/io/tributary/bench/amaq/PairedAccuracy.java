package io.tributary.bench.amaq;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * By how many points one method's accuracy is above another's, on the same held-out batches and
 * with the same seeds. The interval is that of the batches: it says what other held-out data would
 * change, not what other seeds would, for which the differences of the single seeds stand.
 *
 * @param points the mean difference
 * @param error its standard error over batches; NaN for fewer than two
 * @param bySeed the difference of each seed
 */
record PairedAccuracy(double points, double error, List<Double> bySeed) {
  private static final double PERCENT = 100;
  private static final double NORMAL_95 = 1.96;

  /** Copies the list. */
  PairedAccuracy {
    bySeed = List.copyOf(bySeed);
  }

  /** Compares rows with equal seeds that have not diverged. */
  static PairedAccuracy of(List<CutEffectRow> these, List<CutEffectRow> others) {
    var bySeed = new ArrayList<Double>();
    double[] sums = {};
    double targets = 0;
    for (CutEffectRow row : these) {
      for (CutEffectRow other : others) {
        int batches = row.rightByBatch().size();
        if (row.seed() != other.seed() || batches != other.rightByBatch().size()) {
          continue;
        }
        if (sums.length == 0) {
          sums = new double[batches];
          targets = row.targets();
        }
        if (sums.length == batches) {
          for (int b = 0; b < batches; b++) {
            sums[b] += row.rightByBatch().get(b) - other.rightByBatch().get(b);
          }
          bySeed.add(PERCENT * (row.accuracy() - other.accuracy()));
        }
      }
    }
    double sum = 0;
    for (double s : sums) {
      sum += s / bySeed.size();
    }
    double squares = 0;
    for (double s : sums) {
      double off = s / bySeed.size() - sum / sums.length;
      squares += off * off;
    }
    double error =
        sums.length < 2 ? Double.NaN : Math.sqrt(squares * sums.length / (sums.length - 1));
    return new PairedAccuracy(PERCENT * sum / targets, PERCENT * error / targets, bySeed);
  }

  @Override
  public String toString() {
    var seeds = new StringBuilder();
    for (double seed : bySeed) {
      seeds.append(String.format(Locale.ROOT, "%s%+.2f", seeds.length() > 0 ? ", " : "", seed));
    }
    return String.format(
        Locale.ROOT, "%+.2f ± %.2f points (seeds: %s)", points, NORMAL_95 * error, seeds);
  }
}
