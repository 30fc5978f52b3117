package io.tributary.bench.diloco;

import io.tributary.bench.MeasurementFacts;
import io.tributary.bench.diloco.utilization.UtilizationStudy;
import io.tributary.error.Errors;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench diloco}: what the outer synchronization costs and what it yields. */
@Command(name = "diloco", description = "Studies of outer synchronization (Streaming DiLoCo).")
public final class DilocoCommand implements Callable<Integer> {
  @Option(
      names = "--study",
      required = true,
      description = "table4: simulated compute utilisation beside the published one.")
  private String study;

  @Option(names = "--quick", description = "A short form.")
  private boolean quick;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (json != null) {
      MeasurementFacts.checkWritable(json);
    }
    long began = System.nanoTime();
    PrintWriter out = spec.commandLine().getOut();
    Record figures =
        switch (study) {
          case "table4" -> UtilizationStudy.run(quick, out);
          default -> throw Errors.invalidSetting("--study", study, "table4");
        };
    out.flush();
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
    return 0;
  }
}
