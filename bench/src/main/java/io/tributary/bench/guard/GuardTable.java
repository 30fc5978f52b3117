package io.tributary.bench.guard;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Guards against attacks as a Markdown table; losses beside the run with the same seed and none.
 */
final class GuardTable {
  private static final String NOTHING = "none";

  private final List<GuardRow> rows;

  GuardTable(List<GuardRow> rows) {
    this.rows = List.copyOf(rows);
  }

  void print(PrintWriter out) {
    out.println();
    out.println(
        "| attack | guard | loss | to no attack and no guard | attackers left out | rounds without"
            + " an honest agent |");
    out.println("|---|---|---|---|---|---|");
    Map<String, List<GuardRow>> groups =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    r -> r.attack() + " | " + r.guard(), LinkedHashMap::new, Collectors.toList()));
    groups.forEach((label, same) -> out.println("| " + label + " | " + figures(same) + " |"));
    out.flush();
  }

  private String figures(List<GuardRow> same) {
    double loss = same.stream().mapToDouble(GuardRow::heldOutLoss).average().orElseThrow();
    var percent =
        same.stream()
            .flatMap(
                row ->
                    rows.stream()
                        .filter(r -> r.seed() == row.seed() && isYardstick(r))
                        .map(r -> 100 * (row.heldOutLoss() / r.heldOutLoss() - 1)))
            .mapToDouble(Double::doubleValue)
            .summaryStatistics();
    int attackers = same.stream().mapToInt(GuardRow::attackerContributions).sum();
    int excluded = same.stream().mapToInt(GuardRow::attackerExclusions).sum();
    int rounds = same.stream().mapToInt(GuardRow::rounds).sum();
    int honest = same.stream().mapToInt(GuardRow::honestExcludedRounds).sum();
    boolean ended = same.stream().anyMatch(r -> r.heldOutLoss() == GuardRow.ENDED);
    return String.format(
        Locale.ROOT,
        "%s | %s | %s | %d of %d",
        ended ? "ended, not finite" : String.format(Locale.ROOT, "%.4f", loss),
        percent.getCount() == 0 || ended
            ? ""
            : String.format(
                Locale.ROOT,
                "%+.2f %% (%+.2f..%+.2f)",
                percent.getAverage(),
                percent.getMin(),
                percent.getMax()),
        attackers == 0 ? "" : excluded + " of " + attackers,
        honest,
        rounds);
  }

  private static boolean isYardstick(GuardRow row) {
    return row.attack().equals(NOTHING) && row.guard().equals(NOTHING);
  }
}
