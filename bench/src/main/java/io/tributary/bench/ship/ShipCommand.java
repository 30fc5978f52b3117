package io.tributary.bench.ship;

import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.bench.weights.CalibratedModel;
import io.tributary.bench.weights.JudgedText;
import io.tributary.bench.weights.JudgedTextOptions;
import io.tributary.command.ByteRate;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import io.tributary.weights.compress.RecipePolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench ship}: how soon a model that is being fetched is of use. */
@Command(
    name = "ship",
    description = {
      "Fetch a model from a server over a real socket, in float32 and by recipes in progressive"
          + " order,",
      "and tell at the end of each plane of bits: bytes, seconds, and how well what is there"
          + " predicts a text.",
      "A model is of use when it loses at most 0.1 nats a token to float32."
    })
public final class ShipCommand implements Callable<Integer> {
  @Mixin private JudgedTextOptions asked;

  @Option(
      names = "--recipe",
      paramLabel = "RECIPE",
      description = "A recipe or policy; may be given several times (rtn:4,g=64).")
  private List<String> recipes = new ArrayList<>();

  @Option(
      names = "--rate",
      defaultValue = "none",
      converter = ByteRate.class,
      description = "What the way carries, such as 8mbit (${DEFAULT-VALUE}).")
  private long bytesPerSecond;

  @Option(
      names = "--windows",
      paramLabel = "N",
      defaultValue = "64",
      description = "Windows that are judged (${DEFAULT-VALUE}).")
  private int windows;

  @Option(
      names = "--calibrate",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Windows that are read for calibration, behind those that are judged (${DEFAULT-VALUE}).")
  private int calibrated;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /** What the JSON file holds beside the facts of the run. */
  private record Figures(List<ShipRow> rows) {}

  @Override
  public Integer call() {
    if (windows < 1 || calibrated < 1) {
      throw Errors.invalidSetting(
          "--windows, --calibrate", windows + ", " + calibrated, "at least 1 each");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    long began = System.nanoTime();
    JudgedText judged = asked.find();
    List<String> chosen = recipes.isEmpty() ? List.of("rtn:4,g=64") : recipes;
    chosen.forEach(RecipePolicy::parse);
    PrintWriter out = spec.commandLine().getOut();
    var rows = new ArrayList<ShipRow>();
    try (var opened = new CalibratedModel(judged, windows, calibrated, out::println);
        var bench =
            new ShipBench(judged.name(), opened, bytesPerSecond, ScratchFolder.of("ship"))) {
      out.printf(
          Locale.ROOT,
          "%s, %d windows%n%-24s %7s %12s %9s %8s %9s %11s%n",
          judged.name(),
          opened.windows(),
          "recipe",
          "planes",
          "bytes",
          "seconds",
          "bits",
          "nll",
          "perplexity");
      add(rows, List.of(bench.plain()));
      for (String recipe : chosen) {
        add(rows, bench.run(recipe));
      }
    }
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9)
          .write(json, new Figures(rows));
    }
    return 0;
  }

  private void add(List<ShipRow> rows, List<ShipRow> more) {
    PrintWriter out = spec.commandLine().getOut();
    for (ShipRow row : more) {
      out.printf(
          Locale.ROOT,
          "%-24s %3d / %-1d %12d %9.3f %8.3f %9.5f %11.4f%s%n",
          row.recipe(),
          row.planes(),
          row.allPlanes(),
          row.bytes(),
          row.seconds(),
          row.bitsPerWeight(),
          row.nll(),
          row.perplexity(),
          row.usable() ? "  of use" : "");
    }
    out.flush();
    rows.addAll(more);
  }
}
