package io.tributary.bench.diloco.effect;

import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Held-out loss against total bytes as an SVG: a dot for each row that exchanged anything. */
public final class FrontierPlot {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 540;
  private static final int LEFT = 70;
  private static final int BOTTOM = 50;
  private static final int RIGHT = 250;
  private static final int TOP = 20;

  private final List<EffectRow> rows;
  private final double firstDecade;
  private final double decades;
  private final double lowest;
  private final double span;

  /** A plot of rows, of which one at least has bytes. */
  public FrontierPlot(List<EffectRow> all) {
    rows = all.stream().filter(r -> r.bytes() > 0).toList();
    firstDecade =
        Math.floor(Math.log10(min(rows.stream().mapToDouble(EffectRow::bytes).toArray())));
    double last = Math.ceil(Math.log10(max(rows.stream().mapToDouble(EffectRow::bytes).toArray())));
    decades = Math.max(1, last - firstDecade);
    double[] losses = rows.stream().mapToDouble(EffectRow::heldOutLoss).toArray();
    lowest = min(losses) - 0.02;
    span = Math.max(0.01, max(losses) + 0.02 - lowest);
  }

  private static double min(double[] values) {
    return java.util.Arrays.stream(values).min().orElseThrow();
  }

  private static double max(double[] values) {
    return java.util.Arrays.stream(values).max().orElseThrow();
  }

  /** Writes the file. */
  public void write(Path file) {
    try {
      Files.writeString(file, svg());
    } catch (IOException e) {
      throw Errors.storage(file, "can't write", e);
    }
  }

  String svg() {
    var svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"11\">",
        WIDTH,
        HEIGHT);
    line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
    for (int decade = 0; decade <= decades; decade++) {
      double x = x(Math.pow(10, firstDecade + decade));
      rule(svg, x, TOP, x, HEIGHT - BOTTOM);
      text(svg, x, HEIGHT - BOTTOM + 16, "middle", "1e" + (int) (firstDecade + decade));
    }
    for (int i = 0; i <= 5; i++) {
      double loss = lowest + span * i / 5;
      rule(svg, LEFT, y(loss), WIDTH - RIGHT, y(loss));
      text(svg, LEFT - 6, y(loss) + 4, "end", String.format(Locale.ROOT, "%.3f", loss));
    }
    text(
        svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", "bytes of all agents, both ways");
    text(svg, 8, TOP - 6, "start", "held-out loss, nats a byte");
    List<String> labels = rows.stream().map(EffectRow::label).distinct().toList();
    for (int i = 0; i < labels.size(); i++) {
      String label = labels.get(i);
      String colour =
          String.format(Locale.ROOT, "hsl(%d,70%%,%d%%)", i * 137 % 360, 35 + i % 3 * 10);
      for (EffectRow row : rows) {
        if (row.label().equals(label)) {
          dot(svg, x((double) row.bytes()), y(row.heldOutLoss()), colour);
        }
      }
      double at = TOP + 8 + i * 14.0;
      dot(svg, WIDTH - RIGHT + 16, at, colour);
      text(svg, WIDTH - RIGHT + 26, at + 4, "start", label);
    }
    svg.append("</svg>\n");
    return svg.toString();
  }

  private double x(double bytes) {
    return LEFT + (WIDTH - RIGHT - LEFT) * (Math.log10(bytes) - firstDecade) / decades;
  }

  private double y(double loss) {
    return TOP + (HEIGHT - BOTTOM - TOP) * (1 - (loss - lowest) / span);
  }

  private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
    line(
        svg,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
        x1,
        y1,
        x2,
        y2);
  }

  private static void dot(StringBuilder svg, double x, double y, String colour) {
    line(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>", x, y, colour);
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    String safe = text.replace("&", "&amp;").replace("<", "&lt;");
    line(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, safe);
  }

  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
