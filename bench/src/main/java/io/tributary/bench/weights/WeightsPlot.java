package io.tributary.bench.weights;

import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A picture of predictions by bits a weight: a line for each recipe, and one of the model as it is.
 */
final class WeightsPlot {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 400;
  private static final int LEFT = 48;
  private static final int RIGHT = 170;
  private static final int TOP = 24;
  private static final int BOTTOM = 40;

  /** A loss beyond this much above the model's own is drawn at the upper edge. */
  private static final double MOST_LOSS = 2;

  private static final List<String> COLORS =
      List.of(
          "darkorange",
          "seagreen",
          "steelblue",
          "gray",
          "purple",
          "brown",
          "crimson",
          "teal",
          "goldenrod",
          "navy",
          "olive",
          "deeppink",
          "black",
          "slateblue");

  private WeightsPlot() {}

  /** Writes the picture; the first row is the model as it is. */
  static void write(Path file, List<WeightsRow> rows) {
    double plain = rows.get(0).nll();
    Map<String, List<WeightsRow>> lines = new LinkedHashMap<>();
    for (WeightsRow row : rows.subList(1, rows.size())) {
      lines.computeIfAbsent(family(row.recipe()), absent -> new ArrayList<>()).add(row);
    }
    var axes = new Axes(rows, plain);
    var svg = new StringBuilder();
    axes.append(svg, rows.get(0).model());
    int number = 0;
    for (Map.Entry<String, List<WeightsRow>> line : lines.entrySet()) {
      String color = COLORS.get(number % COLORS.size());
      append(
          svg,
          "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
          WIDTH - RIGHT + 12,
          TOP + 16 * number,
          color,
          line.getKey());
      axes.appendLine(svg, line.getValue(), color);
      number++;
    }
    try {
      Files.writeString(file, svg.append("</svg>\n"));
    } catch (IOException e) {
      throw Errors.storage(file, "can't write", e);
    }
  }

  /** A recipe without its number of bits. */
  private static String family(String recipe) {
    return recipe.replaceFirst(":\\d+(?=,|$)", "");
  }

  private static void append(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments));
  }

  /** Where a row is drawn. */
  private static final class Axes {
    private final double plain;
    private final double leastBits;
    private final double mostBits;

    Axes(List<WeightsRow> rows, double plain) {
      this.plain = plain;
      List<WeightsRow> small = rows.subList(1, rows.size());
      leastBits = Math.floor(small.stream().mapToDouble(WeightsRow::bitsPerWeight).min().orElse(2));
      mostBits = Math.ceil(small.stream().mapToDouble(WeightsRow::bitsPerWeight).max().orElse(5));
    }

    double x(double bits) {
      double share = (bits - leastBits) / Math.max(1, mostBits - leastBits);
      return LEFT + share * (WIDTH - RIGHT - LEFT);
    }

    /** Losses by their square roots: small ones must be told apart too. */
    double y(double nll) {
      double loss = Math.min(Math.max(0, nll - plain), MOST_LOSS);
      return HEIGHT - BOTTOM - Math.sqrt(loss / MOST_LOSS) * (HEIGHT - BOTTOM - TOP);
    }

    void append(StringBuilder svg, String model) {
      WeightsPlot.append(
          svg,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
              + " font-family=\"sans-serif\" font-size=\"11\">%n<rect width=\"100%%\""
              + " height=\"100%%\" fill=\"white\"/>%n<path d=\"M%d %dV%dH%d\" fill=\"none\""
              + " stroke=\"black\"/>%n<text x=\"%d\" y=\"14\" font-weight=\"bold\">%s: nats a token"
              + " above float32 (%.4f), by bits a weight</text>%n",
          WIDTH,
          HEIGHT,
          LEFT,
          TOP,
          HEIGHT - BOTTOM,
          WIDTH - RIGHT,
          LEFT,
          model,
          plain);
      for (int bits = (int) leastBits; bits <= mostBits; bits++) {
        WeightsPlot.append(
            svg,
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
            x(bits),
            HEIGHT - BOTTOM + 14,
            bits);
      }
      for (double loss : new double[] {0, 0.02, 0.1, 0.25, 0.5, 1, 2}) {
        double y = y(plain + loss);
        WeightsPlot.append(
            svg,
            "<path d=\"M%d %.1fH%d\" stroke=\"gainsboro\"/>%n"
                + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
            LEFT,
            y,
            WIDTH - RIGHT,
            LEFT - 4,
            y + 4,
            loss == MOST_LOSS ? "\u2265 2" : String.valueOf(loss));
      }
    }

    void appendLine(StringBuilder svg, List<WeightsRow> rows, String color) {
      var path = new StringBuilder();
      List<WeightsRow> sorted =
          rows.stream().sorted(Comparator.comparingDouble(WeightsRow::bitsPerWeight)).toList();
      for (WeightsRow row : sorted) {
        double x = x(row.bitsPerWeight());
        double y = y(row.nll());
        WeightsPlot.append(path, "%s%.1f %.1f", path.length() == 0 ? "M" : "L", x, y);
        WeightsPlot.append(
            svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>%n", x, y, color);
      }
      WeightsPlot.append(svg, "<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>%n", path, color);
    }
  }
}
