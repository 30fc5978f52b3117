package io.tributary.bench.chaos;

import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.bench.synthetic.SyntheticTrainerProvider;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench chaos}: whether a run that suffers ends with the same bits. */
@Command(
    name = "chaos",
    description = {
      "Runs a coordinator and agents as processes, kills them, breaks their connections, and compares"
          + " the outer parameters at the end with those of a run without faults, bit for bit.",
      "Ends with exit code 1 if they differ, if an acknowledged contribution was lost, or if a buffer"
          + " leaked."
    })
public final class ChaosCommand implements Callable<Integer> {
  private static final int MOST_AGENTS = 32;

  @Option(
      names = "--seed",
      description = "Of the run and its faults (drawn from the clock, and printed).")
  private @Nullable Long seed;

  @Option(
      names = "--minutes",
      defaultValue = "2",
      description =
          "How long the run is to be, its quiet beginning and the faults behind it (${DEFAULT-VALUE}).")
  private double minutes;

  @Option(names = "--agents", defaultValue = "6", description = "Agents (${DEFAULT-VALUE}).")
  private int agents;

  @Option(
      names = "--faults",
      description =
          "Which kinds, with commas between them, of kill, coordinator-kill, delay, loss, partition,"
              + " half-open, corrupt, slow and disk-full (all).")
  private @Nullable String faults;

  @Option(
      names = "--every",
      defaultValue = "5",
      description = "Mean seconds between two faults (${DEFAULT-VALUE}).")
  private double every;

  @Option(
      names = "--synthetic",
      description = "Train with the engine synthetic, not with djl: steps that cost nothing.")
  private boolean synthetic;

  @Option(
      names = "--step-ms",
      defaultValue = "25",
      description =
          "How long a synthetic step takes at least (${DEFAULT-VALUE}); of real training it is"
              + " measured before, in a short run without faults.")
  private int stepMillis;

  @Option(
      names = "--codec",
      defaultValue = "e3m0+ef",
      description = "Codec policy of both directions (${DEFAULT-VALUE}).")
  private String codec;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (agents < 1 || agents > MOST_AGENTS) {
      throw Errors.invalidSetting("--agents", agents, "1 to " + MOST_AGENTS);
    }
    if (!(minutes > 0) || !(every > 0) || minutes > 1e5 || every > 1e5) {
      throw Errors.invalidSetting("--minutes, --every", minutes + ", " + every, "above 0");
    }
    if (stepMillis < 1 || stepMillis > 60_000) {
      throw Errors.invalidSetting("--step-ms", stepMillis, "1 to 60000");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    long began = System.nanoTime();
    long drawn = seed == null ? System.nanoTime() & 0xFFFFFF : seed;
    Path folder = ScratchFolder.of("chaos");
    ScratchFolder.delete(folder);
    ChaosPlan plan =
        new ChaosPlan(
            drawn,
            Duration.ofMillis((long) (minutes * 60_000)),
            agents,
            FaultKind.parse(faults == null ? FaultKind.labels() : faults),
            Duration.ofMillis((long) (every * 1000)),
            synthetic ? SyntheticTrainerProvider.NAME : "djl",
            Duration.ofMillis(stepMillis),
            codec,
            folder);
    PrintWriter out = spec.commandLine().getOut();
    out.println("seed " + drawn);
    out.flush();
    if (!synthetic) {
      plan = plan.withStepTime(measuredStep(plan.pilot(), out));
    }
    ChaosFigures figures;
    try (var run = new ChaosRun(plan, out)) {
      figures = run.run();
    }
    print(out, figures);
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", drawn, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
    return figures.bitEqual() && figures.contributionsLost() == 0 && figures.leakedBuffers() == 0
        ? 0
        : 1;
  }

  private static Duration measuredStep(ChaosPlan pilot, PrintWriter out) {
    Duration found;
    try (var run = new ChaosRun(pilot, out)) {
      found = run.stepTime();
    }
    out.printf(Locale.ROOT, "a step takes %.1f ms without faults%n", found.toNanos() / 1e6);
    out.flush();
    return found;
  }

  private static void print(PrintWriter out, ChaosFigures figures) {
    out.printf(
        Locale.ROOT,
        "%d faults %s, %d versions: bits %s, %d contributions lost, %d exclusions; back in %d ms"
            + " (median; %d ms at most), %.0f %% of the undisturbed rate, %d leaks%n",
        figures.rows().size(),
        figures.faults(),
        figures.rounds(),
        figures.bitEqual() ? "equal" : "DIFFER",
        figures.contributionsLost(),
        figures.exclusions().size(),
        figures.recoveryMillisMedian(),
        figures.recoveryMillisMost(),
        100 * figures.throughputKept(),
        figures.leakedBuffers());
    figures.endedByThemselves().forEach(end -> out.println("ended by itself: " + end));
    out.flush();
  }
}
