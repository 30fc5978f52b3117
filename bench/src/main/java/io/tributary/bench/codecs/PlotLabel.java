package io.tributary.bench.codecs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A named point of a picture. Names are put where there is room, beside their points or some lines
 * above or below, with a thin line to the point that they belong to.
 *
 * @param name what stands there
 * @param x from the left, in user units
 * @param y from the top, in user units
 */
record PlotLabel(String name, double x, double y) {
  private static final double LINE = 10;
  private static final double LETTER = 4.9;
  private static final double GAP = 6;
  private static final int LINES = 12;

  /** A rectangle that is taken. */
  private record Box(double left, double top, double right, double bottom) {
    boolean overlaps(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  void drawPoint(StringBuilder svg, String color) {
    svg.append(
        String.format(
            Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", x, y, color));
  }

  /** Writes all names, from the top down, between two places from the left. */
  static void drawAll(StringBuilder svg, List<PlotLabel> labels, double left, double right) {
    List<Box> taken = new ArrayList<>();
    for (PlotLabel label : labels) {
      taken.add(new Box(label.x - 3, label.y - 3, label.x + 3, label.y + 3));
    }
    labels.stream()
        .sorted(Comparator.comparingDouble(PlotLabel::y).thenComparingDouble(PlotLabel::x))
        .forEach(label -> label.draw(svg, taken, left, right));
  }

  private void draw(StringBuilder svg, List<Box> taken, double left, double right) {
    for (int distance = 0; distance <= LINES; distance++) {
      for (int line : distance == 0 ? new int[] {0} : new int[] {-distance, distance}) {
        for (int side : new int[] {1, -1}) {
          Box box = box(side, line);
          if (box.left >= left && box.right <= right && taken.stream().noneMatch(box::overlaps)) {
            write(svg, side, line);
            taken.add(box);
            return;
          }
        }
      }
    }
    write(svg, 1, 0);
  }

  private Box box(int side, int line) {
    double middle = y + LINE * line;
    double width = LETTER * name.length();
    double left = side > 0 ? x + gap(line) : x - gap(line) - width;
    return new Box(left, middle - LINE / 2, left + width, middle + LINE / 2);
  }

  /** The further from the point, the further aside, so that lines don't cross other names. */
  private static double gap(int line) {
    return GAP + Math.abs(line) * GAP / 2;
  }

  private void write(StringBuilder svg, int side, int line) {
    double at = x + side * gap(line);
    double middle = y + LINE * line;
    if (line != 0) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"silver\" stroke-width=\"0.6\"/>%n",
              x,
              y,
              at,
              middle));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"9\" text-anchor=\"%s\">%s</text>%n",
            at,
            middle + 3,
            side > 0 ? "start" : "end",
            name));
  }
}
