package io.tributary.bench.codecs;

import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Two pictures of hot rows, one panel for each set: signal-to-noise ratio against bits a value,
 * with Shannon's bound, and against the speed of encoding. What takes more than 9.5 bits has no
 * place in them; other block sizes than a codec's own are pale points without a name.
 */
final class CodecPlots {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 430;
  private static final int MARGIN = 46;
  private static final double MOST_BITS = 9.5;
  private static final double MOST_DB = 50;

  private CodecPlots() {}

  static void write(Path folder, List<CodecRow> rows) {
    List<CodecRow> shown =
        rows.stream()
            .filter(row -> row.size().equals("hot") && row.bitsPerWeight() <= MOST_BITS)
            .toList();
    double fastest = shown.stream().mapToDouble(CodecRow::encodeVsCopy).max().orElse(1);
    write(
        folder.resolve("codecs-rate.svg"),
        picture(shown, "bits a value", MOST_BITS, CodecRow::bitsPerWeight, true));
    write(
        folder.resolve("codecs-speed.svg"),
        picture(
            shown, "encoding / System.arraycopy", fastest * 1.15, CodecRow::encodeVsCopy, false));
  }

  private static String picture(
      List<CodecRow> rows,
      String horizontal,
      double most,
      ToDoubleFunction<CodecRow> position,
      boolean bound) {
    var svg = new StringBuilder();
    ValueSet[] sets = ValueSet.values();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"10\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            WIDTH,
            HEIGHT * sets.length));
    for (int i = 0; i < sets.length; i++) {
      svg.append(String.format(Locale.ROOT, "<g transform=\"translate(0 %d)\">%n", i * HEIGHT));
      axes(svg, sets[i].name() + ": " + sets[i].title(), horizontal, most);
      if (bound) {
        bound(svg, sets[i], most);
      }
      String set = sets[i].name();
      List<CodecRow> ofSet = rows.stream().filter(row -> row.set().equals(set)).toList();
      List<PlotLabel> points =
          ofSet.stream()
              .map(
                  row ->
                      new PlotLabel(
                          row.codec(),
                          x(position.applyAsDouble(row) / most),
                          y(-20 * Math.log10(row.relL2()))))
              .toList();
      for (int j = 0; j < points.size(); j++) {
        points.get(j).drawPoint(svg, color(ofSet.get(j)));
      }
      PlotLabel.drawAll(
          svg, points.stream().filter(at -> !isVariant(at.name())).toList(), MARGIN, WIDTH);
      svg.append("</g>\n");
    }
    return svg.append("</svg>\n").toString();
  }

  private static void axes(StringBuilder svg, String title, String horizontal, double most) {
    int right = WIDTH - 10;
    int bottom = HEIGHT - MARGIN;
    svg.append(
        String.format(
            Locale.ROOT,
            "<path d=\"M%d 20V%dH%d\" fill=\"none\" stroke=\"black\"/>%n"
                + "<text x=\"%d\" y=\"14\" font-weight=\"bold\">%s</text>%n"
                + "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n"
                + "<text transform=\"translate(12 %d) rotate(-90)\" text-anchor=\"middle\">"
                + "signal-to-noise ratio, dB</text>%n",
            MARGIN,
            bottom,
            right,
            MARGIN,
            title,
            (MARGIN + right) / 2,
            HEIGHT - 12,
            horizontal,
            (20 + bottom) / 2));
    for (int i = 0; i <= 5; i++) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.2f</text>%n"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>%n",
              x(i / 5.0),
              bottom + 14,
              most * i / 5,
              MARGIN - 4,
              y(MOST_DB * i / 5) + 3,
              MOST_DB * i / 5));
    }
  }

  private static void bound(StringBuilder svg, ValueSet set, double mostBits) {
    double bits =
        Math.min(mostBits, (MOST_DB - set.boundDb(0)) / (set.boundDb(1) - set.boundDb(0)));
    svg.append(
        String.format(
            Locale.ROOT,
            "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"gray\" stroke-dasharray=\"4 3\"/>%n"
                + "<text x=\"%.1f\" y=\"%.1f\" fill=\"gray\">Shannon's bound</text>%n",
            x(0),
            y(set.boundDb(0)),
            x(bits / mostBits),
            y(set.boundDb(bits)),
            x(0.35),
            y(set.boundDb(0.35 * mostBits)) - 24));
  }

  private static String color(CodecRow row) {
    if (row.backend().contains(BenchedCodecs.RIVAL)) {
      return "darkorange";
    }
    return isVariant(row.codec()) ? "lightsteelblue" : "steelblue";
  }

  /** Whether a name is a codec's with a block size. */
  private static boolean isVariant(String codec) {
    return codec.matches("[^:]+:\\d+");
  }

  private static double x(double share) {
    return MARGIN + share * (WIDTH - 10 - MARGIN);
  }

  private static double y(double db) {
    return HEIGHT - MARGIN - db / MOST_DB * (HEIGHT - MARGIN - 20);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw Errors.storage(file, "can't write", e);
    }
  }
}
