package io.tributary.bench.demo;

import io.tributary.command.ByteRate;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.run.ExchangeInterval;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary demo}: the main job on this machine. */
@Command(
    name = "demo",
    description = {
      "Several agents behind thin links train one model on real text; all on this machine, each in"
          + " a process of its own.",
      "At the end a table compares with each agent alone and, with --baseline, with data"
          + " parallelism.",
      "'demo split' shows a model that is cut in two instead."
    },
    subcommands = SplitDemoCommand.class)
final class DemoCommand implements Callable<Integer> {
  /** Room for a JVM with the training engine and this model. */
  private static final long BYTES_AN_AGENT = 700_000_000L;

  @Option(
      names = "--agents",
      defaultValue = "4",
      description = "Number of agents (${DEFAULT-VALUE}).")
  private int agents;

  @Option(names = "--steps", description = "Inner steps of each agent (640; with --quick 108).")
  private @Nullable Integer steps;

  @Option(
      names = "--link",
      defaultValue = "2mbit",
      description = "Speed of each agent's link, each way (${DEFAULT-VALUE}).")
  private String link;

  @Option(
      names = "--codec",
      defaultValue = "e3m0",
      description = "Codec policy, both ways (${DEFAULT-VALUE}).")
  private String codec;

  @Option(
      names = "--h",
      description =
          "Inner steps between two exchanges of a fragment, or 15..30 to grow from 15 to 30 (30;"
              + " with --quick 18).")
  private @Nullable String interval;

  @Option(
      names = "--fragments",
      defaultValue = "4",
      description = "Fragments of layers, beside the base (${DEFAULT-VALUE}).")
  private int fragments;

  @Option(
      names = "--lr",
      defaultValue = "0.003",
      description = "Inner learning rate of all methods (${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(names = "--baseline", description = "Train with synchronous data parallelism too.")
  private boolean baseline;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Where initial values and data order come from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--quick", description = "A short run, to see it work.")
  private boolean quick;

  @Option(
      names = "--text",
      description = "File or folder of text (the sources of Apache Commons Lang).")
  private @Nullable Path text;

  @Option(
      names = "--data",
      description = "Folder for the processes' data and logs (a new one for each demo).")
  private @Nullable Path data;

  @Option(
      names = "--port",
      description =
          "Port of the live page, 0 for any (" + PagePort.USUAL + ", or any if that is taken).")
  private @Nullable Integer port;

  @Option(names = "--no-page", description = "Serve no live page.")
  private boolean noPage;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    DemoPlan plan = plan();
    long began = System.nanoTime();
    try (var demo = new Demo(plan, spec.commandLine().getOut())) {
      var stop = new Thread(demo::close, "stop the demo's processes");
      Runtime.getRuntime().addShutdownHook(stop);
      DemoFigures figures = figures(demo, plan);
      Runtime.getRuntime().removeShutdownHook(stop);
      if (json != null) {
        List<String> options = spec.commandLine().getParseResult().originalArgs();
        MeasurementFacts.here("none", seed, options, (System.nanoTime() - began) / 1e9)
            .write(json, figures);
      }
    }
    return 0;
  }

  /** Runs the demo; an interrupt, which ends its processes, isn't told as their failure. */
  private static DemoFigures figures(Demo demo, DemoPlan plan) {
    try {
      return demo.run();
    } catch (TributaryException e) {
      if (!demo.isClosed()) {
        throw e;
      }
      throw new TributaryException(
          ErrorCode.CANCELLED, "stopped; with --data " + plan.folder() + " it goes on", e);
    }
  }

  private DemoPlan plan() {
    if (agents < 1) {
      throw Errors.invalidSetting("--agents", agents, "at least 1");
    }
    long memory = physicalMemory();
    if (agents > memory / BYTES_AN_AGENT) {
      throw Errors.invalidSetting(
          "--agents",
          agents,
          "at most " + memory / BYTES_AN_AGENT + " on this machine, 700 MB of memory each");
    }
    new ByteRate().convert(link);
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    var plan =
        new DemoPlan(
            agents,
            steps != null ? steps : quick ? 108 : 640,
            ExchangeInterval.parse(interval != null ? interval : quick ? "18" : "30"),
            fragments,
            link,
            codec,
            seed,
            text,
            learningRate,
            baseline,
            noPage ? null : PagePort.choose(port, spec.commandLine().getOut()),
            data != null ? data : newFolder());
    plan.check();
    return plan;
  }

  static Path newFolder() {
    String time =
        LocalDateTime.now(ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
    return Path.of(System.getProperty("tributary.home", "."), "target", "demo", time);
  }

  private static long physicalMemory() {
    return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Long.MAX_VALUE;
  }
}
