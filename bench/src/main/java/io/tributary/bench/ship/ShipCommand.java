package io.tributary.bench.ship;

import io.tributary.bench.cluster.LoopbackTransfer;
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
      "A model is of use when it loses at most 0.1 nats a token to float32.",
      "With --readers: many readers in this process fetch one file of random bytes from a coordinator's process at once."
    })
public final class ShipCommand implements Callable<Integer> {
  private static final int MOST_READERS = 4000;
  private static final int MOST_FILE = 1024;

  /** Room for what each of thousands of readers may hold, and for no copy of the file each. */
  private static final List<String> JVM_OPTIONS =
      List.of("-Xmx256m", "-XX:MaxDirectMemorySize=256m");

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

  @Option(
      names = "--readers",
      paramLabel = "N",
      description = "So many readers of one file at once, and no model.")
  private @Nullable Integer readers;

  @Option(
      names = "--file-mb",
      paramLabel = "MIB",
      defaultValue = "16",
      description = "MiB of the file that they fetch (${DEFAULT-VALUE}).")
  private int fileMegabytes;

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
    if (readers != null) {
      write(began, fanOut(readers));
      return 0;
    }
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
    write(began, new Figures(rows));
    return 0;
  }

  private void write(long began, Record figures) {
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
  }

  private ReadersRow fanOut(int count) {
    if (count < 1 || count > MOST_READERS || fileMegabytes < 1 || fileMegabytes > MOST_FILE) {
      throw Errors.invalidSetting(
          "--readers, --file-mb",
          count + ", " + fileMegabytes,
          "1 to " + MOST_READERS + ", and 1 to " + MOST_FILE);
    }
    long bytes = (long) fileMegabytes << 20;
    double loopback = LoopbackTransfer.bytesPerSecond(count, bytes);
    try (var bench = new ReadersBench(ScratchFolder.of("readers"), JVM_OPTIONS, fileMegabytes)) {
      bench.join(count);
      bench.fetch(); // warms both sides up
      double seconds = bench.fetch();
      var row =
          new ReadersRow(
              count,
              bytes,
              seconds,
              count * bytes / seconds / 1e9,
              loopback / 1e9,
              bench.peakAnonymous() / (double) (1 << 20));
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          Locale.ROOT,
          "%d readers of %d MiB: %.2f s, %.3f GB/s; plain sockets %.3f GB/s; server at most %.0f"
              + " MiB anonymous%n",
          count,
          fileMegabytes,
          seconds,
          row.gbPerSecond(),
          row.loopbackGbPerSecond(),
          row.peakAnonymousMegabytes());
      out.flush();
      return row;
    }
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
