package io.tributary.bench.amaq;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Methods against fixed widths and against no codec, seed by seed. */
final class CutComparison {
  private static final String FIXED = "fixed";
  private static final String AMAQ = "AMAQ";
  private static final double BUDGET_TOLERANCE = 0.1;
  private static final double TABLE_SHARE = 0.005;
  private static final double POINTS_AT_ONE_BIT = 1.5;
  private static final double POINTS_AT_TWO_BITS = 0.5;

  private final List<CutEffectRow> rows;
  private final Map<String, List<CutEffectRow>> labels;

  CutComparison(List<CutEffectRow> rows) {
    this.rows = List.copyOf(rows);
    labels = CutStudy.byLabel(rows);
  }

  /** A mean and its standard error. */
  private record Estimate(double mean, double error, int seeds) {
    static Estimate of(List<Double> values) {
      double mean = 0;
      for (double v : values) {
        mean += v / values.size();
      }
      double squares = 0;
      for (double v : values) {
        squares += (v - mean) * (v - mean);
      }
      int n = values.size();
      double error = n > 1 ? Math.sqrt(squares / (n - 1) / n) : Double.NaN;
      return new Estimate(mean, error, n);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%+.4f ± %.4f, %d seeds", mean, error, seeds);
    }
  }

  /** Loss differences of rows with equal seeds. */
  private static List<Double> differences(List<CutEffectRow> these, List<CutEffectRow> others) {
    var differences = new ArrayList<Double>();
    for (CutEffectRow row : these) {
      for (CutEffectRow other : others) {
        if (row.seed() == other.seed()) {
          differences.add(row.heldOutLoss() - other.heldOutLoss());
        }
      }
    }
    return differences;
  }

  /** What the rows say about the published claims, as measured. */
  List<CutTestRow> tests() {
    var tests = new ArrayList<CutTestRow>();
    boolean none = rows.stream().noneMatch(CutEffectRow::diverged);
    tests.add(new CutTestRow("6: no seed diverged", none, rows.size() + " runs"));
    for (List<CutEffectRow> amaq : labels.values()) {
      CutEffectRow first = amaq.get(0);
      List<CutEffectRow> fixed = labels.get(FIXED + " " + first.budgetBits());
      if (!first.method().equals(AMAQ) || fixed == null || amaq.size() < 2) {
        continue;
      }
      Estimate difference = Estimate.of(differences(amaq, fixed));
      String budget = String.format(Locale.ROOT, " at %.0f bits", first.budgetBits());
      tests.add(
          new CutTestRow(
              "6: AMAQ is better than fixed by two standard errors" + budget,
              difference.mean() + 2 * difference.error() < 0,
              "loss " + difference));
      tests.add(
          new CutTestRow(
              "6: AMAQ isn't worse than fixed by two standard errors" + budget,
              difference.mean() - 2 * difference.error() <= 0,
              "loss " + difference));
      PairedAccuracy accuracy = PairedAccuracy.of(amaq, fixed);
      tests.add(
          new CutTestRow(
              "6: AMAQ's accuracy isn't below fixed by two standard errors" + budget,
              accuracy.points() + 2 * accuracy.error() >= 0,
              accuracy.toString()));
      double off = 0;
      for (CutEffectRow row : amaq) {
        off = Math.max(off, Math.abs(row.finalBits() - row.goalBits()));
      }
      tests.add(
          new CutTestRow(
              "4: the mean of the bits ends within 0.1 of its goal" + budget,
              off <= BUDGET_TOLERANCE,
              String.format(Locale.ROOT, "goal %.3f, off by %.3f at most", first.goalBits(), off)));
      double tables = 0;
      for (CutEffectRow row : amaq) {
        tables = Math.max(tables, (double) row.tableBytes() / row.bytesTotal());
      }
      tests.add(
          new CutTestRow(
              "tables take less than half a percent of the bytes" + budget,
              tables < TABLE_SHARE,
              String.format(Locale.ROOT, "%.3f %%", 100 * tables)));
    }
    tests.addAll(withinPoints());
    return tests;
  }

  /** How near the entropy coder comes to no codec, where answers are right or wrong. */
  private List<CutTestRow> withinPoints() {
    var tests = new ArrayList<CutTestRow>();
    List<CutEffectRow> plain = labels.getOrDefault(CutMethod.uncompressed().name(), List.of());
    for (List<CutEffectRow> same : labels.values()) {
      CutEffectRow first = same.get(0);
      boolean judged = first.model().equals(EncoderTask.MINILM) && first.budgetBits() <= 2;
      if (!judged || !first.method().equals("amaq-ec")) {
        continue;
      }
      PairedAccuracy difference = PairedAccuracy.of(same, plain);
      if (difference.bySeed().size() < 2) {
        continue;
      }
      double points = first.budgetBits() <= 1 ? POINTS_AT_ONE_BIT : POINTS_AT_TWO_BITS;
      tests.add(
          new CutTestRow(
              String.format(
                  Locale.ROOT,
                  "amaq-ec at %.1f bits is within %.1f points of uncompressed",
                  first.budgetBits(),
                  points),
              difference.points() >= -points,
              difference.toString()));
    }
    return tests;
  }

  private String againstFixed(List<CutEffectRow> same) {
    List<CutEffectRow> fixed = labels.get(FIXED + " " + same.get(0).budgetBits());
    return fixed == null || fixed.equals(same) ? "" : PairedAccuracy.of(same, fixed).toString();
  }

  /** The means as a Markdown table. */
  void print(PrintWriter out) {
    out.println();
    out.println(
        "| method | budget | mean bits | loss | accuracy | loss against uncompressed |"
            + " accuracy against uncompressed | against fixed |");
    out.println("|---|---|---|---|---|---|---|---|");
    List<CutEffectRow> plain = labels.getOrDefault(CutMethod.uncompressed().name(), List.of());
    for (List<CutEffectRow> same : labels.values()) {
      CutEffectRow first = same.get(0);
      Estimate loss = Estimate.of(same.stream().map(CutEffectRow::heldOutLoss).toList());
      Estimate accuracy = Estimate.of(same.stream().map(CutEffectRow::accuracy).toList());
      Estimate bits = Estimate.of(same.stream().map(CutEffectRow::meanBits).toList());
      out.printf(
          Locale.ROOT,
          "| %s | %s | %.3f | %.4f ± %.4f | %.4f | %s | %s | %s |%n",
          first.method(),
          first.budgetBits(),
          bits.mean(),
          loss.mean(),
          loss.error(),
          accuracy.mean(),
          plain.isEmpty() ? "" : Estimate.of(differences(same, plain)),
          plain.isEmpty() ? "" : PairedAccuracy.of(same, plain),
          againstFixed(same));
    }
    out.flush();
  }
}
