package io.tributary.bench.sketch;

import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A picture of squared cosines: a panel for each instance and width, a line for each method. */
final class SketchPlot {
  private static final int WIDTH = 300;
  private static final int HEIGHT = 210;
  private static final int LEFT = 36;
  private static final int BOTTOM = 34;
  private static final double MOST_R = 32;
  private static final double LEAST_R = 1.4;
  private static final List<String> COLORS =
      List.of("darkorange", "seagreen", "steelblue", "gray", "purple", "brown");

  private SketchPlot() {}

  /** Writes the picture; each point is the median over seeds. */
  static void write(Path file, List<SketchRow> rows, List<String> instances) {
    List<SketchRow> shown =
        rows.stream().filter(row -> instances.contains(row.instance())).toList();
    List<Integer> widths = shown.stream().map(SketchRow::d).distinct().sorted().toList();
    List<String> methods = shown.stream().map(SketchRow::method).distinct().sorted().toList();
    var svg = new StringBuilder();
    append(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"10\">%n"
            + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
        WIDTH * widths.size(),
        HEIGHT * instances.size() + 20);
    for (int i = 0; i < instances.size(); i++) {
      for (int j = 0; j < widths.size(); j++) {
        append(svg, "<g transform=\"translate(%d %d)\">%n", j * WIDTH, i * HEIGHT);
        panel(svg, shown, instances.get(i), widths.get(j), methods);
        svg.append("</g>\n");
      }
    }
    for (int m = 0; m < methods.size(); m++) {
      append(
          svg,
          "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
          LEFT + 150 * m,
          HEIGHT * instances.size() + 12,
          COLORS.get(m % COLORS.size()),
          methods.get(m));
    }
    try {
      Files.writeString(file, svg.append("</svg>\n"));
    } catch (IOException e) {
      throw Errors.storage(file, "can't write", e);
    }
  }

  private static void panel(
      StringBuilder svg, List<SketchRow> rows, String instance, int width, List<String> methods) {
    int bottom = HEIGHT - BOTTOM;
    append(
        svg,
        "<path d=\"M%d 18V%dH%d\" fill=\"none\" stroke=\"black\"/>%n"
            + "<text x=\"%d\" y=\"12\" font-weight=\"bold\">%s, d = %d</text>%n"
            + "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">gap R</text>%n",
        LEFT,
        bottom,
        WIDTH - 10,
        LEFT,
        instance,
        width,
        (LEFT + WIDTH) / 2,
        HEIGHT - 8);
    for (double r : new double[] {1.5, 2, 4, 8, 16, 32}) {
      append(
          svg,
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
          x(r),
          bottom + 12,
          r == Math.rint(r) ? "" + (int) r : "" + r);
    }
    for (int i = 0; i <= 4; i++) {
      append(
          svg,
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>%n",
          LEFT - 4,
          y(i / 4.0) + 3,
          i / 4.0);
    }
    for (int m = 0; m < methods.size(); m++) {
      String method = methods.get(m);
      List<SketchRow> line =
          rows.stream()
              .filter(row -> row.instance().equals(instance))
              .filter(row -> row.d() == width && row.method().equals(method))
              .toList();
      line(svg, line, COLORS.get(m % COLORS.size()));
    }
  }

  private static void line(StringBuilder svg, List<SketchRow> rows, String color) {
    var path = new StringBuilder();
    for (double r : rows.stream().mapToDouble(SketchRow::r).distinct().sorted().toArray()) {
      var values = new ArrayList<Double>();
      rows.stream().filter(row -> row.r() == r).forEach(row -> values.add(row.cos2()));
      values.sort(null);
      double median = values.get(values.size() / 2);
      append(path, "%s%.1f %.1f", path.length() == 0 ? "M" : "L", x(r), y(median));
      append(
          svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>%n", x(r), y(median), color);
    }
    append(svg, "<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>%n", path, color);
  }

  private static void append(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments));
  }

  private static double x(double r) {
    double share = Math.log(r / LEAST_R) / Math.log(MOST_R / LEAST_R);
    return LEFT + share * (WIDTH - 20 - LEFT);
  }

  private static double y(double cos2) {
    return HEIGHT - BOTTOM - cos2 * (HEIGHT - BOTTOM - 20);
  }
}
