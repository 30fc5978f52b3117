package io.tributary.bench.amaq;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.codec.LearnedCodecs;
import io.tributary.error.Errors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The effect of codecs: real training through every codec, one method after the other. Rows that a
 * former run has written are kept, so that a long study goes on where it was stopped.
 */
final class CutStudy {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final CutTask task;
  private final List<CutMethod> methods;
  private final LearnedCodecs codecs;

  /**
   * A study.
   *
   * @param codecs that the methods open
   */
  CutStudy(CutTask task, List<CutMethod> methods, LearnedCodecs codecs) {
    this.task = task;
    this.methods = List.copyOf(methods);
    this.codecs = codecs;
  }

  /**
   * What the study yields.
   *
   * @param scale how large everything was
   * @param channels of activations at every cut, if that was asked for
   * @param tests what must hold
   * @param rows a row for each method, budget and seed
   */
  record Figures(
      Record scale, List<CutChannels> channels, List<CutTestRow> tests, List<CutEffectRow> rows) {
    /** Copies the lists. */
    Figures {
      channels = List.copyOf(channels);
      tests = List.copyOf(tests);
      rows = List.copyOf(rows);
    }
  }

  /**
   * Trains every method with every seed that the file has no row for.
   *
   * @param channels as {@link Figures} has them
   * @param tests what was found to hold before
   * @param former the file of a former run, which need not exist, or null
   * @param save is given all rows so far after each new one
   */
  Figures run(
      List<CutChannels> channels,
      List<CutTestRow> tests,
      long firstSeed,
      int seeds,
      @Nullable Path former,
      PrintWriter out,
      Consumer<Figures> save) {
    // Rows of a former run stay, also those that this one comes to late or not at all.
    var rows = new ArrayList<CutEffectRow>(former == null ? List.of() : rowsOf(former));
    channels.forEach(row -> print(row, out));
    tests.forEach(test -> print(test, out));
    var runner = new CutRun(task, codecs);
    // A method has all its seeds before the next one begins: what is there can be compared.
    for (CutMethod method : methods) {
      for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
        long now = seed;
        CutEffectRow row = rows.stream().filter(r -> r.isOf(method, now)).findFirst().orElse(null);
        if (row == null) {
          row = runner.run(method, seed);
          rows.add(row);
          save.accept(new Figures(task.scale(), channels, tests, rows));
        }
        print(row, out);
      }
    }
    var effects = new CutComparison(rows);
    var all = new ArrayList<>(tests);
    for (CutTestRow effect : effects.tests()) {
      print(effect, out);
      all.add(effect);
    }
    effects.print(out);
    return new Figures(task.scale(), channels, all, rows);
  }

  private List<CutEffectRow> rowsOf(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      JsonNode object = MAPPER.readTree(file.toFile());
      Record former = MAPPER.treeToValue(object.path("scale"), task.scale().getClass());
      if (!task.scale().equals(former)) {
        throw Errors.invalidSetting(
            "--json", file, "a file of the same study at the same scale, or none");
      }
      return List.of(MAPPER.treeToValue(object.path("rows"), CutEffectRow[].class));
    } catch (JacksonException e) {
      throw Errors.invalidSetting("--json", file, "a file of this study, or none");
    } catch (IOException e) {
      throw Errors.storage(file, "can't read", e);
    }
  }

  private static void print(CutChannels row, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "behind layer %d: deviations %.3f (median) to %.3f (channel %d), %.1f times; %d channels"
            + " above 3 times; largest kurtosis %.1f%n",
        row.cut(),
        row.medianDeviation(),
        row.largestDeviation(),
        row.largestChannel(),
        row.ratio(),
        row.outliers(),
        row.largestKurtosis());
    out.flush();
  }

  private static void print(CutTestRow row, PrintWriter out) {
    out.printf(
        Locale.ROOT, "%-5s %s: %s%n", row.holds() ? "holds" : "FAILS", row.name(), row.detail());
    out.flush();
  }

  private static void print(CutEffectRow row, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-32s seed %d  loss %.4f  accuracy %.4f  %6.3f bits  %10d bytes  %.2f bits at the end%s%n",
        row.label(),
        row.seed(),
        row.heldOutLoss(),
        row.accuracy(),
        row.meanBits(),
        row.bytesTotal(),
        row.finalBits(),
        row.diverged() ? "  diverged" : "");
    out.flush();
  }

  /** Rows by method and budget, in their order. */
  static Map<String, List<CutEffectRow>> byLabel(List<CutEffectRow> rows) {
    var labels = new LinkedHashMap<String, List<CutEffectRow>>();
    for (CutEffectRow row : rows) {
      labels.computeIfAbsent(row.label(), label -> new ArrayList<>()).add(row);
    }
    return labels;
  }
}
