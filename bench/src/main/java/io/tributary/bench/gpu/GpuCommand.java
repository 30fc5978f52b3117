package io.tributary.bench.gpu;

import io.tributary.bench.gpu.GpuFigures.Row;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary bench gpu}: OpenCL programs against their definition, and their speed. */
@Command(
    name = "gpu",
    description = {
      "Compares the OpenCL programs of codecs and sketches with their scalar definition, bit for"
          + " bit, and times them:",
      "with all data on the device, as a share of a copy there, and from array to array."
    })
public final class GpuCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME",
      description =
          "Codecs, or sketch, that are of interest; otherwise all. Each program takes a context of"
              + " the device, of which some drivers have no more than for about forty codecs.")
  private List<String> names = List.of();

  @Option(names = "--quick", description = "Few values: shows that the programs run.")
  private boolean quick;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Where the values come from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    long began = System.nanoTime();
    PrintWriter out = spec.commandLine().getOut();
    out.println("codec      direction  device GB/s  of a copy  host GB/s  of a copy  mismatches");
    int values = quick ? 1 << 21 : 1 << 26;
    var bench =
        new GpuBench(
            Set.copyOf(names),
            values,
            quick ? 2 : 20,
            quick ? values : 1L << 28,
            seed,
            this::print);
    GpuFigures figures = bench.run();
    out.printf(
        Locale.ROOT,
        "%s; a copy on the device moves %.0f GB/s, arraycopy copies %.1f GB/s of float32%n",
        figures.device(),
        figures.deviceCopyGbps(),
        figures.hostCopyGbps());
    out.flush();
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here(figures.device(), seed, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
    long mismatches = figures.rows().stream().mapToLong(Row::mismatches).sum();
    if (mismatches > 0) {
      throw new TributaryException(
          ErrorCode.BACKEND_UNAVAILABLE,
          "GPU: expected the bits of the scalar definition, found " + mismatches + " differences");
    }
    return 0;
  }

  private void print(Row row) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-10s %-9s %12.1f %9.0f %% %10.1f %8.0f %% %11d%n",
        row.codec(),
        row.direction(),
        row.deviceGbps(),
        100 * row.deviceVsCopy(),
        row.hostGbps(),
        100 * row.hostVsCopy(),
        row.mismatches());
    out.flush();
  }
}
