package io.tributary.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.command.ByteRate;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The comparison at the end of a demo, for people. */
final class DemoTable {
  private static final String ROW = "%-34s %10s %10s %12s %12s%n";
  private static final int SAMPLE_LINES = 6;

  private final PrintWriter out;

  DemoTable(PrintWriter out) {
    this.out = out;
  }

  void print(
      DemoPlan plan,
      DemoFigures figures,
      JsonNode together,
      JsonNode alone,
      @Nullable AgentView dataParallel) {
    long bytes = figures.bytesUp() + figures.bytesDown();
    out.println();
    out.printf(Locale.ROOT, ROW, "", "loss start", "loss end", "bytes", "times fewer");
    row(
        "Tributary, " + plan.agents() + " agents",
        figures.lossStart(),
        figures.lossEnd(),
        ByteText.of(bytes),
        String.format(Locale.ROOT, "%.0f", figures.reduction()));
    row("best agent alone", figures.lossStart(), figures.lossAlone(), "0 B", "-");
    Double dp = figures.lossDp();
    if (dp != null) {
      row(
          "data parallel (bytes computed)",
          figures.lossStart(),
          dp,
          ByteText.of(figures.bytesDp()),
          "1");
      double gap = figures.lossAlone() - dp;
      out.printf(
          Locale.ROOT,
          "gap between alone and data parallel: %.3f nats, closed by Tributary: %.0f %%%n",
          gap,
          100 * (figures.lossAlone() - figures.lossEnd()) / gap);
    } else {
      out.printf(
          Locale.ROOT,
          "data parallel would send %s (--baseline trains it too)%n",
          ByteText.of(figures.bytesDp()));
    }
    long rate = new ByteRate().convert(plan.link());
    if (rate > 0) {
      double seconds = (double) figures.bytesDp() / 2 / plan.agents() / rate;
      out.printf(
          Locale.ROOT,
          "time: Tributary trained %.0f s on links of %s; data parallel would need %.0f s for the link alone (computed)%n",
          figures.trainSeconds(),
          plan.link(),
          seconds);
    }
    out.printf(
        Locale.ROOT,
        "rounds: %d, exchanges of each fragment: %s; theta is equal in all %d processes: %s...%n",
        figures.rounds(),
        figures.exchangesPerFragment(),
        figures.thetaChecksums().size(),
        figures.thetaChecksums().get(0).substring(0, 16));
    sample("Tributary writes", together);
    sample("the best agent alone writes", alone);
    if (dataParallel != null) {
      sample("data parallel writes", dataParallel.evaluated());
    }
    out.printf(Locale.ROOT, "%.0f s in all%n", figures.wallSeconds());
  }

  private void row(String what, double start, double end, String bytes, String fewer) {
    out.printf(
        Locale.ROOT,
        ROW,
        what,
        String.format(Locale.ROOT, "%.3f", start),
        String.format(Locale.ROOT, "%.3f", end),
        bytes,
        fewer);
  }

  private void sample(String title, JsonNode evaluated) {
    out.println();
    out.println(title + ":");
    evaluated
        .path("sample")
        .asText()
        .lines()
        .limit(SAMPLE_LINES)
        .forEach(line -> out.println("  | " + line));
  }
}
