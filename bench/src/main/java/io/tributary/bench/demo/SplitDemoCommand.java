package io.tributary.bench.demo;

import io.tributary.command.ByteRate;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary demo split}: a model that is cut in two, on this machine. */
@Command(
    name = "split",
    description = {
      "A server with the top of a small GPT and clients with its bottom and the text, behind slow"
          + " links; each a process.",
      "The same run with each codec across the cut; at the end a table compares learned bits with"
          + " fp16 and fixed ones."
    })
final class SplitDemoCommand implements Callable<Integer> {
  private static final int MOST_CLIENTS = 16;

  @Option(
      names = "--clients",
      defaultValue = "2",
      description = "Number of clients (${DEFAULT-VALUE}).")
  private int clients;

  @Option(names = "--steps", description = "Steps of each client (100; with --quick 12).")
  private @Nullable Integer steps;

  @Option(
      names = "--link",
      defaultValue = "4mbit",
      description = "Speed of every link, each way (${DEFAULT-VALUE}).")
  private String link;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Where initial values and data order come from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--u-shape",
      description =
          "Labels stay at the clients, which have the model's output too: text doesn't leave them.")
  private boolean uShape;

  @Option(
      names = "--port",
      description =
          "Port of the live page, 0 for any (" + PagePort.USUAL + ", or any if that is taken).")
  private @Nullable Integer port;

  @Option(names = "--no-page", description = "Serve no live page.")
  private boolean noPage;

  @Option(names = "--quick", description = "A short run, to see it work.")
  private boolean quick;

  @Option(
      names = "--data",
      description = "Folder for the processes' logs (a new one for each demo).")
  private @Nullable Path data;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (clients < 1 || clients > MOST_CLIENTS) {
      throw Errors.invalidSetting("--clients", clients, "1 to " + MOST_CLIENTS);
    }
    int length = steps != null ? steps : quick ? 12 : 100;
    if (length < 1) {
      throw Errors.invalidSetting("--steps", length, "at least 1");
    }
    new ByteRate().convert(link);
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    long began = System.nanoTime();
    Path folder = data != null ? data : DemoCommand.newFolder();
    PrintWriter out = spec.commandLine().getOut();
    try (SplitPage page = noPage ? null : new SplitPage(PagePort.choose(port, out), length);
        var demo = new SplitDemo(clients, length, link, seed, uShape, folder, out)) {
      var stop = new Thread(demo::close, "stop the demo's processes");
      Runtime.getRuntime().addShutdownHook(stop);
      SplitDemoFigures figures = figures(demo, page);
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
  private static SplitDemoFigures figures(SplitDemo demo, @Nullable SplitPage page) {
    try {
      return demo.run(page);
    } catch (TributaryException e) {
      if (!demo.isClosed()) {
        throw e;
      }
      throw new TributaryException(ErrorCode.CANCELLED, "stopped", e);
    }
  }
}
