package io.tributary.bench.inspect;

import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A picture of singular values: a panel for the matrices whose names differ in a number alone, a
 * line for each of them, the first the lightest. Along it lie the values from the largest to the
 * smallest, as shares of the largest in a logarithmic scale.
 */
final class SpectrumPlot {
  private static final int WIDTH = 260;
  private static final int HEIGHT = 180;
  private static final int LEFT = 40;
  private static final int TOP = 22;
  private static final int BOTTOM = 30;
  private static final int PANELS_A_ROW = 4;

  /** What is smaller beside the largest value lies on the lower edge. */
  private static final int DECADES = 4;

  private SpectrumPlot() {}

  /**
   * Writes the picture.
   *
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it can't be written
   */
  static void write(Path file, List<TensorFacts> tensors) {
    Map<String, List<List<Double>>> panels = new LinkedHashMap<>();
    for (TensorFacts tensor : tensors) {
      List<Double> values = tensor.singularValues();
      if (values != null) {
        String panel = tensor.name().replaceAll("\\d+", "*");
        panels.computeIfAbsent(panel, name -> new ArrayList<>()).add(values);
      }
    }
    int across = Math.max(1, Math.min(PANELS_A_ROW, panels.size()));
    int down = Math.max(1, (panels.size() + across - 1) / across);
    var svg = new StringBuilder();
    append(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"10\">%n"
            + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
        WIDTH * across,
        HEIGHT * down);
    int number = 0;
    for (Map.Entry<String, List<List<Double>>> panel : panels.entrySet()) {
      append(
          svg,
          "<g transform=\"translate(%d %d)\">%n",
          number % across * WIDTH,
          number / across * HEIGHT);
      append(svg, panel.getKey(), panel.getValue());
      svg.append("</g>\n");
      number++;
    }
    try {
      Files.writeString(file, svg.append("</svg>\n"));
    } catch (IOException e) {
      throw Errors.storage(file, "can't write", e);
    }
  }

  private static void append(StringBuilder svg, String name, List<List<Double>> lines) {
    append(
        svg,
        "<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"black\"/>%n"
            + "<text x=\"%d\" y=\"14\" font-weight=\"bold\">%s</text>%n",
        LEFT,
        TOP,
        HEIGHT - BOTTOM,
        WIDTH - 10,
        LEFT,
        name.replace("&", "&amp;").replace("<", "&lt;"));
    for (int decade = 0; decade <= DECADES; decade++) {
      append(
          svg,
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
          LEFT - 4,
          y(Math.pow(10, -decade)) + 3,
          decade == 0 ? "1" : "1e-" + decade);
    }
    int most = lines.stream().mapToInt(List::size).max().orElse(1);
    append(
        svg,
        "<text x=\"%d\" y=\"%d\">1</text>%n"
            + "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text>%n",
        LEFT,
        HEIGHT - BOTTOM + 12,
        WIDTH - 10,
        HEIGHT - BOTTOM + 12,
        most);
    for (int i = 0; i < lines.size(); i++) {
      int gray = lines.size() == 1 ? 0 : 190 - 190 * i / (lines.size() - 1);
      append(
          svg,
          "<path d=\"%s\" fill=\"none\" stroke=\"rgb(%d,%d,%d)\"/>%n",
          line(lines.get(i), most),
          gray,
          gray,
          Math.min(255, gray + 60));
    }
  }

  private static String line(List<Double> values, int most) {
    var path = new StringBuilder();
    double largest = Math.max(values.get(0), Double.MIN_NORMAL);
    for (int i = 0; i < values.size(); i++) {
      double x = LEFT + (WIDTH - 10.0 - LEFT) * i / Math.max(1, most - 1);
      append(path, "%s%.1f %.1f", i == 0 ? "M" : "L", x, y(values.get(i) / largest));
    }
    return path.toString();
  }

  private static double y(double share) {
    double decades = Math.min(DECADES, -Math.log10(Math.max(share, Double.MIN_NORMAL)));
    return TOP + decades / DECADES * (HEIGHT - BOTTOM - TOP);
  }

  private static void append(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments));
  }
}
