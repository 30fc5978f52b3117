package io.tributary.bench.diloco.effect;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The end of a study: methods compared pairwise, each seed with the same seed of streaming in
 * float32 at the same H, and how far each is from data parallelism in the course of the run.
 */
final class EffectTable {
  private static final String DATA_PARALLEL = StudyMethod.dataParallel().name();
  private static final String STREAMING = "streaming";

  private final List<EffectRow> rows;
  private final List<TrainingCurve> curves;

  EffectTable(List<EffectRow> rows, List<TrainingCurve> curves) {
    this.rows = rows;
    this.curves = curves;
  }

  void print(PrintWriter out) {
    out.println();
    out.printf(
        Locale.ROOT,
        "%-46s %8s %22s %12s%n",
        "method, means of all seeds",
        "loss",
        "to float32, same H",
        "times fewer");
    byLabel()
        .forEach(
            (label, same) ->
                out.printf(
                    Locale.ROOT,
                    "%-46s %8.4f %22s %12.1f%n",
                    label,
                    same.stream().mapToDouble(EffectRow::heldOutLoss).average().orElseThrow(),
                    difference(same),
                    same.stream().mapToDouble(EffectRow::reductionVsDp).average().orElseThrow()));
    if (rows.stream().noneMatch(r -> r.method().equals(DATA_PARALLEL))) {
      out.flush();
      return;
    }
    out.println();
    out.println(
        "training loss above that of data parallelism, in percent at 1/5, 2/5, ... of the run:");
    byLabel()
        .forEach((label, same) -> out.printf(Locale.ROOT, "%-46s %s%n", label, distance(same)));
    out.flush();
  }

  private Map<String, List<EffectRow>> byLabel() {
    return rows.stream()
        .collect(Collectors.groupingBy(EffectRow::label, LinkedHashMap::new, Collectors.toList()));
  }

  /** Mean and extremes of the differences of pairs. */
  private String difference(List<EffectRow> same) {
    var percent =
        same.stream()
            .flatMap(
                row ->
                    rows.stream()
                        .filter(r -> isYardstick(r, row))
                        .map(r -> 100 * (row.heldOutLoss() / r.heldOutLoss() - 1)))
            .mapToDouble(Double::doubleValue)
            .summaryStatistics();
    return percent.getCount() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "%+.2f %% (%+.2f..%+.2f)",
            percent.getAverage(),
            percent.getMin(),
            percent.getMax());
  }

  private static boolean isYardstick(EffectRow yardstick, EffectRow row) {
    return yardstick.seed() == row.seed()
        && yardstick.h() == row.h()
        && yardstick.method().equals(STREAMING)
        && yardstick.codec().equals(StudyMethod.LOSSLESS);
  }

  private String distance(List<EffectRow> same) {
    var text = new StringBuilder();
    for (int fifth = 1; fifth <= 5; fifth++) {
      int part = TrainingCurve.PARTS * fifth / 5 - 1;
      double mean = meanLoss(same, part);
      List<EffectRow> parallel =
          rows.stream().filter(r -> r.method().equals(DATA_PARALLEL)).toList();
      text.append(
          String.format(Locale.ROOT, "%+7.1f", 100 * (mean / meanLoss(parallel, part) - 1)));
    }
    return text.toString();
  }

  private double meanLoss(List<EffectRow> of, int part) {
    return of.stream()
        .flatMap(row -> curves.stream().filter(c -> c.isOf(row)))
        .mapToDouble(c -> c.losses().get(part))
        .average()
        .orElse(Double.NaN);
  }
}
