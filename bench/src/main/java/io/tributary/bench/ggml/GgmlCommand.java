package io.tributary.bench.ggml;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tributary.command.MeasurementFacts;
import io.tributary.file.gguf.GgmlType;
import io.tributary.weights.ggml.BlockEncoder;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary bench ggml}: encoders of ggml's types beside ggml's own. */
@Command(
    name = "ggml",
    description = {
      "Encode normal weights in each of ggml's block types that compress knows, and by ggml itself,",
      "in turn, on one thread and from memory to memory."
    })
public final class GgmlCommand implements Callable<Integer> {
  private static final int ROUNDS = 15;
  private static final double ROUND_SECONDS = 0.1;

  @Parameters(
      paramLabel = "LIBRARY",
      description = "ggml's shared library, such as libggml-base.so of a build of llama.cpp.")
  private Path library;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "This type alone, such as q4_k; may be given several times.")
  private List<GgmlType> types = new ArrayList<>();

  @Option(names = "--quick", description = "Short rounds: shows that all of it runs.")
  private boolean quick;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "What the weights are drawn from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /** What the JSON file holds beside the facts of the run. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private record Figures(int values, List<EncoderRow> rows) {}

  @Override
  public Integer call() {
    long began = System.nanoTime();
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    var speed =
        new EncoderSpeed(
            new GgmlLibrary(library), seed, quick ? 1 : ROUNDS, quick ? 0 : ROUND_SECONDS);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-8s %10s %10s %8s %12s %12s%n",
        "type",
        "GB/s",
        "ggml GB/s",
        "times",
        "error",
        "ggml error");
    var rows = new ArrayList<EncoderRow>();
    for (GgmlType type : types.isEmpty() ? BlockEncoder.types() : types) {
      EncoderRow row = speed.run(type);
      rows.add(row);
      out.printf(
          Locale.ROOT,
          "%-8s %10.3f %10.3f %8.2f %12.4e %12.4e%n",
          row.type(),
          row.gbS(),
          row.ggmlGbS(),
          row.timesGgml(),
          row.error(),
          row.ggmlError());
      out.flush();
    }
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", seed, options, (System.nanoTime() - began) / 1e9)
          .write(json, new Figures(EncoderSpeed.VALUES, rows));
    }
    return 0;
  }
}
