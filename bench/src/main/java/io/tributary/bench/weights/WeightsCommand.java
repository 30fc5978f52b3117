package io.tributary.bench.weights;

import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import io.tributary.weights.compress.RecipePolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench weights}: bits and predictions of a model after each recipe. */
@Command(
    name = "weights",
    description = {
      "Compress a model by each recipe and tell bits a weight, errors, and how well the model"
          + " still",
      "predicts a text; the model as it is comes first. Windows from the text's beginning are"
          + " judged,",
      "others behind them are read for calibration."
    })
public final class WeightsCommand implements Callable<Integer> {
  private static final int QUICK_WINDOWS = 8;
  private static final int QUICK_CALIBRATED = 32;

  @Mixin private JudgedTextOptions asked;

  @Option(
      names = "--recipe",
      paramLabel = "RECIPE",
      description = "This recipe or policy alone; may be given several times.")
  private List<String> recipes = new ArrayList<>();

  @Option(
      names = "--windows",
      paramLabel = "N",
      defaultValue = "128",
      description = "Windows that are judged (${DEFAULT-VALUE}; with --quick, 8).")
  private int windows;

  @Option(
      names = "--calibrate",
      paramLabel = "N",
      defaultValue = "128",
      description =
          "Windows that are read for calibration, behind those that are judged (${DEFAULT-VALUE};"
              + " with --quick, 32).")
  private int calibrated;

  @Option(
      names = "--quick",
      description =
          "Fewer windows and recipes: shows that all of it runs, within a minute for the small models.")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures to this file; rows that it has are kept.")
  private @Nullable Path json;

  @Option(names = "--plot", paramLabel = "FILE", description = "Write a picture, SVG.")
  private @Nullable Path plot;

  @Spec private CommandSpec spec;

  private final long began = System.nanoTime();

  @Override
  public Integer call() {
    check();
    JudgedText judged = asked.find();
    List<String> chosen = recipes.isEmpty() ? WeightsRecipes.all(quick) : recipes;
    chosen.forEach(RecipePolicy::parse);
    PrintWriter out = spec.commandLine().getOut();
    int most = quick ? Math.min(windows, QUICK_WINDOWS) : windows;
    int read = quick ? Math.min(calibrated, QUICK_CALIBRATED) : calibrated;
    List<WeightsRow> rows;
    try (var opened = new CalibratedModel(judged, most, read, out::println);
        var bench = new WeightsBench(judged.name(), opened)) {
      out.printf(
          Locale.ROOT,
          "%s, %d windows, %d tokens for calibration, loudest inputs %.1f times the median%n%-24s %8s %12s %12s %9s %11s %8s %9s%n",
          judged.name(),
          opened.windows(),
          opened.calibrationTokens(),
          opened.loudness(),
          "recipe",
          "bits",
          "weights'",
          "outputs'",
          "nll",
          "perplexity",
          "seconds",
          "peak MB");
      var scale =
          new WeightsFigures.Scale(judged.name(), opened.windows(), opened.calibrationTokens());
      var figures =
          new WeightsFigures(scale, json == null ? List.of() : WeightsFigures.read(json, scale));
      figures = with(figures, WeightsRow.PLAIN, bench::plain);
      for (String recipe : chosen) {
        figures = with(figures, recipe, () -> bench.run(recipe));
      }
      rows = figures.rows();
    }
    if (plot != null) {
      WeightsPlot.write(plot, rows);
    }
    return 0;
  }

  private void check() {
    if (windows < 1) {
      throw Errors.invalidSetting("--windows", windows, "at least 1");
    }
    if (calibrated < 1) {
      throw Errors.invalidSetting("--calibrate", calibrated, "at least 1");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    if (plot != null) {
      MeasurementFacts.checkWritable("--plot", plot);
    }
  }

  /**
   * Takes a row from a former run or makes it, shows it, and keeps it should the run be stopped.
   */
  private WeightsFigures with(WeightsFigures figures, String recipe, Supplier<WeightsRow> maker) {
    Optional<WeightsRow> former = figures.row(recipe);
    WeightsRow row = former.orElseGet(maker);
    WeightsFigures all = former.isPresent() ? figures : figures.with(row);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-24s %8.4f %12.4e %12s %9.5f %11.4f %8.2f %9.0f%n",
        row.recipe(),
        row.bitsPerWeight(),
        row.weightError(),
        row.proxyLoss() == null ? "" : String.format(Locale.ROOT, "%.4e", row.proxyLoss()),
        row.nll(),
        row.perplexity(),
        row.seconds(),
        row.peakRssMb());
    out.flush();
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9).write(json, all);
    }
    return all;
  }
}
