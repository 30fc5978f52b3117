package io.tributary.weights.command;

import io.tributary.command.MeasurementFacts;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.compress.FileComparison;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary compare}: two files of weights, tensor by tensor. */
@Command(
    name = "compare",
    description = {
      "Compare two files of weights: size and error of each tensor.",
      "The error is the squared differences over the squares of the first file's values."
    })
final class CompareCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "A file or folder of weights.")
  private Path first;

  @Parameters(index = "1", paramLabel = "B", description = "Another, of the same tensors.")
  private Path second;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /** What the JSON file holds beside the facts of the run. */
  private record Figures(List<FileComparison.Row> rows) {}

  @Override
  public Integer call() {
    long began = System.nanoTime();
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    List<FileComparison.Row> rows;
    WeightFormats formats = WeightFormats.load();
    try (WeightFile a = formats.open(first);
        WeightFile b = formats.open(second);
        RowWorkers workers = RowWorkers.ofMachine()) {
      rows = FileComparison.compare(a, b, workers);
    }
    rows.forEach(this::print);
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9)
          .write(json, new Figures(rows));
    }
    return 0;
  }

  private void print(FileComparison.Row row) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-32s %-16s bits %9s %9s  error %-10s largest %-10s%n",
        row.name(),
        row.shape(),
        number(row.bitsA(), "%.4f"),
        number(row.bitsB(), "%.4f"),
        number(row.error(), "%.3e"),
        number(row.largest(), "%.3e"));
    out.flush();
  }

  private static String number(@Nullable Double value, String format) {
    return value == null ? "absent" : String.format(Locale.ROOT, format, value);
  }
}
