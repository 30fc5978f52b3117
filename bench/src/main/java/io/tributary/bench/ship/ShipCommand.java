package io.tributary.bench.ship;

import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.bench.weights.JudgedText;
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
  @Option(
      names = "--model",
      paramLabel = "NAME|PATH",
      defaultValue = "lm16m",
      description =
          "lm16m or stories260k from the folder of models, or a file or folder of weights"
              + " (${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--models",
      paramLabel = "FOLDER",
      defaultValue = "${env:TRIBUTARY_MODELS}",
      description =
          "The folder in which the models with names are; by default the environment variable"
              + " TRIBUTARY_MODELS.")
  private @Nullable String models;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "The text; a model with a name has its own.")
  private @Nullable Path text;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "The vocabulary; by default the one in or beside the model.")
  private @Nullable Path tokenizer;

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
    JudgedText judged = JudgedText.find(model, models == null ? "" : models, text, tokenizer);
    List<String> chosen = recipes.isEmpty() ? List.of("rtn:4,g=64") : recipes;
    chosen.forEach(RecipePolicy::parse);
    PrintWriter out = spec.commandLine().getOut();
    var rows = new ArrayList<ShipRow>();
    try (var bench =
        new ShipBench(
            judged, bytesPerSecond, ScratchFolder.of("ship"), windows, calibrated, out::println)) {
      out.printf(
          Locale.ROOT,
          "%s, %d windows%n%-24s %7s %12s %9s %8s %9s %11s%n",
          judged.name(),
          bench.windows(),
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
