package io.tributary.bench.link;

import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.bench.cluster.TlsChoice;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.frame.FrameFormat;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench stripes}: what further connections of a link gain. */
@Command(
    name = "stripes",
    description =
        "Rates of a link with one connection, with a fixed number and with the number that it"
            + " chooses, over connections that are capped, delayed, or neither.")
public final class StripesCommand implements Callable<Integer> {
  @Option(
      names = "--stripes",
      defaultValue = "8",
      description = "The fixed number, and the most that the link may choose (${DEFAULT-VALUE}).")
  private int stripes;

  @Option(
      names = "--network",
      split = ",",
      defaultValue = "capped,delayed,bare",
      description = "Networks, in this order: ${DEFAULT-VALUE}.")
  private List<StripesBench.Network> networks = List.of();

  @Option(
      names = "--way",
      split = ",",
      defaultValue = "one,refused,fixed,chosen",
      description = "What is measured in each round, in this order: ${DEFAULT-VALUE}.")
  private List<StripesBench.Way> ways = List.of();

  @Option(
      names = "--tls",
      defaultValue = "none",
      description = "Whose TLS protects the link: none, boringssl or jdk (${DEFAULT-VALUE}).")
  private TlsChoice tls = TlsChoice.NONE;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "Length of each measurement (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(names = "--rounds", defaultValue = "1", description = "Rounds (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (stripes < 2 || stripes > FrameFormat.MAX_CONNECTIONS || seconds < 1 || rounds < 1) {
      throw Errors.invalidSetting(
          "--stripes, --seconds, --rounds",
          stripes + ", " + seconds + ", " + rounds,
          "2 to " + FrameFormat.MAX_CONNECTIONS + ", at least 1, at least 1");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    long began = System.nanoTime();
    PrintWriter out = spec.commandLine().getOut();
    List<StripesBench.Row> rows;
    try {
      rows =
          new StripesBench(stripes, seconds, tls.provider(), ScratchFolder.of("stripes"))
              .run(
                  networks,
                  ways,
                  rounds,
                  row -> {
                    out.printf(
                        Locale.ROOT,
                        "%-8s %-7s round %d: %2d connections, %8.2f MB/s%n",
                        lowerCase(row.network()),
                        lowerCase(row.way()),
                        row.round(),
                        row.connections(),
                        row.bytesPerSecond() / 1e6);
                    out.flush();
                  });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
    }
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9)
          .write(json, new StripesBench.Figures(rows));
    }
    return 0;
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
