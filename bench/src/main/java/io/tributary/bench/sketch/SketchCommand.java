package io.tributary.bench.sketch;

import io.tributary.agent.text.BuiltInText;
import io.tributary.agent.trainer.GptShape;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import io.tributary.file.safetensors.SafetensorsFile;
import io.tributary.file.safetensors.SafetensorsTensor;
import io.tributary.tensor.RowMatrix;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench sketch}: sketches against the exact top eigenvector. */
@Command(
    name = "sketch",
    description = {
      "Sketches against the exact top eigenvector, with equal memory: light, heavy and mixed rows,",
      "traps, and the tensors of a file; cos2 is the squared cosine between the two."
    })
public final class SketchCommand implements Callable<Integer> {
  private static final double[] RATIOS = {1.5, 2, 4, 8, 16, 32};
  private static final double TRAP_RATIO = 4;
  private static final int LEAST_EXTENT = 16;
  private static final int MOST_VALUES = 1 << 28;
  private static final long SPEED_NANOS = 3_000_000_000L;
  private static final long QUICK_NANOS = 100_000_000L;

  @Option(
      names = "--quick",
      description = "One seed, d = 100 and fewer rows: shows within seconds that all of it runs.")
  private boolean quick;

  @Option(
      names = "--matrix",
      paramLabel = "FILE",
      description = "Instead of made matrices, the tensors of a safetensors file, rows shuffled.")
  private List<Path> matrices = new ArrayList<>();

  @Option(
      names = "--gradients",
      description =
          "Instead of made matrices, activations and gradients of the demo's model while it learns,"
              + " a row for each token, rows shuffled.")
  private boolean gradients;

  @Option(
      names = "--speed",
      description =
          "Instead of made matrices, the speed of updates and, beside it, that of a copy.")
  private boolean speed;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description = "Only this method; may be repeated (all).")
  private List<String> methods = List.of();

  @Option(
      names = "--seeds",
      defaultValue = "5",
      description = "Seeds 1 to this for each matrix (${DEFAULT-VALUE}; with --quick, 1).")
  private int seeds;

  @Option(
      names = "--widths",
      split = ",",
      paramLabel = "D",
      defaultValue = "100,300,1000",
      description = "Values in a row (${DEFAULT-VALUE}; with --quick, 100).")
  private List<Integer> widths;

  @Option(
      names = "--rows",
      defaultValue = "20000",
      description = "Rows of a made matrix (${DEFAULT-VALUE}; with --quick, 4000).")
  private int rows;

  @Option(
      names = "--budget",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "Memory of each sketch; 0 for the default of their options.")
  private long budget;

  @Option(
      names = "--json",
      description = "Write the figures to this file; rows of this commit that it has are kept.")
  private @Nullable Path json;

  @Option(names = "--plot", paramLabel = "FILE", description = "Write a picture, SVG.")
  private @Nullable Path plot;

  @Spec private CommandSpec spec;

  /** What the JSON file holds beside the facts of the run. */
  private record Figures(List<SketchRow> rows) {}

  private final long began = System.nanoTime();
  private final SketchRows rowsSoFar = new SketchRows(this::tell);

  @Override
  public Integer call() {
    check();
    if (json != null) {
      rowsSoFar.keep(json, facts().commit());
    }
    out()
        .println(
            "instance        d        n      r     gap  method               seed     KiB    cos2  "
                + " GB/s  drift  verdict");
    List<String> studied = methods.isEmpty() ? SketchBench.methods() : methods;
    var bench = new SketchBench(studied, budget, rowsSoFar);
    for (Path matrix : matrices) {
      runFile(bench, matrix);
    }
    if (gradients) {
      runGradients(bench);
    }
    if (speed) {
      runSpeed(bench, studied);
    }
    if (matrices.isEmpty() && !gradients && !speed) {
      runMade(bench);
    }
    if (plot != null) {
      SketchPlot.write(
          plot,
          rowsSoFar.all(),
          List.of(
              SketchInstance.LIGHT.label(),
              SketchInstance.HEAVY.label(),
              SketchInstance.MIXED.label()));
    }
    return 0;
  }

  private MeasurementFacts facts() {
    List<String> options = spec.commandLine().getParseResult().originalArgs();
    return MeasurementFacts.here("none", 1, options, (System.nanoTime() - began) / 1e9);
  }

  /** The rows of a matrix are there: shows them, and keeps them should the run be stopped. */
  private void tell(List<SketchRow> found) {
    found.forEach(this::print);
    if (json == null) {
      return;
    }
    Path part = json.resolveSibling(json.getFileName() + ".part");
    facts().write(part, new Figures(rowsSoFar.all()));
    try {
      Files.move(part, json, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Errors.storage(json, "can't write", e);
    }
  }

  private void check() {
    if (seeds < 1 || rows < 100 || widths.stream().anyMatch(d -> d < LEAST_EXTENT || d > 1 << 14)) {
      throw Errors.invalidSetting(
          "--seeds, --rows, --widths",
          seeds + ", " + rows + ", " + widths,
          "at least 1, at least 100, and widths of 16 to 16384");
    }
    for (String method : methods) {
      if (!SketchBench.methods().contains(method)) {
        throw Errors.invalidSetting("--method", method, "one of " + SketchBench.methods());
      }
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    if (plot != null) {
      MeasurementFacts.checkWritable("--plot", plot);
    }
  }

  private void runMade(SketchBench bench) {
    int made = quick ? 4000 : rows;
    for (int width : quick ? List.of(100) : widths) {
      for (int seed = 1; seed <= (quick ? 1 : seeds); seed++) {
        for (double ratio : RATIOS) {
          bench.run(SketchInstance.LIGHT, width, made, ratio, seed);
          bench.run(SketchInstance.HEAVY, width, made, ratio, seed);
          bench.run(SketchInstance.MIXED, width, made, ratio, seed);
        }
        bench.run(SketchInstance.LATE, width, made, TRAP_RATIO, seed);
        bench.run(SketchInstance.SORTED, width, made, TRAP_RATIO, seed);
        bench.run(SketchInstance.FIXED_RATE, width, made, TRAP_RATIO, seed);
      }
    }
  }

  private void runSpeed(SketchBench bench, List<String> studied) {
    for (int width : widths) {
      for (String method : studied) {
        bench.speed(method, width, 1, quick ? QUICK_NANOS : SPEED_NANOS);
      }
    }
  }

  private void runFile(SketchBench bench, Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      for (SafetensorsTensor tensor : file.tensors()) {
        if (tensor.shape().size() < 2 || !tensor.type().isReadable() || tensor.elements() == 0) {
          continue;
        }
        RowMatrix matrixRows = file.rows(tensor);
        if (Math.min(matrixRows.rows(), matrixRows.width()) < LEAST_EXTENT
            || tensor.elements() > MOST_VALUES) {
          continue;
        }
        var values = new float[(int) tensor.elements()];
        file.read(tensor, 0, values.length, values, 0);
        for (int seed = 1; seed <= (quick ? 1 : seeds); seed++) {
          bench.runShuffled(tensor.name(), values, matrixRows.width(), seed);
        }
      }
    }
  }

  private void runGradients(SketchBench bench) {
    int wanted = quick ? 4000 : rows;
    for (int seed = 1; seed <= (quick ? 1 : seeds); seed++) {
      GradientRows found =
          GradientRows.record(GptShape.defaults(), BuiltInText.path(), wanted, seed);
      bench.runShuffled("activations", found.activations(), found.width(), seed);
      bench.runShuffled("gradients", found.gradients(), found.width(), seed);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void print(SketchRow row) {
    PrintWriter out = out();
    out.printf(
        Locale.ROOT,
        "%-12s %5d %8d %6.2f %7.2f  %-20s %4d %7.1f  %.4f %6.2f %6.1f  %s%n",
        row.instance(),
        row.d(),
        row.n(),
        row.r(),
        row.gap(),
        row.method(),
        row.seed(),
        row.bitsUsed() / 8192.0,
        row.cos2(),
        row.updatesGbps(),
        row.drift(),
        row.verdict());
    out.flush();
  }
}
