package io.tributary.bench.link;

import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench relay}: streams between agents against raw loopback. */
@Command(
    name = "relay",
    description =
        "Large messages from agent to agent through a relay with a small heap, against one link, a"
            + " plain socket and a bare proxy between two, all over loopback and in turn.")
public final class RelayBenchCommand implements Callable<Integer> {
  private static final int MOST_MEGABYTES = 1024;

  @Option(
      names = "--megabytes",
      defaultValue = "256",
      description = "MiB of each message (${DEFAULT-VALUE}).")
  private int megabytes;

  @Option(
      names = "--messages",
      defaultValue = "16",
      description = "Messages each way (${DEFAULT-VALUE}).")
  private int messages;

  @Option(
      names = "--heap",
      defaultValue = "64",
      description = "MiB of heap of the relay's process (${DEFAULT-VALUE}).")
  private int heap;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (megabytes < 1 || megabytes > MOST_MEGABYTES || messages < 1 || heap < 1) {
      throw Errors.invalidSetting(
          "--megabytes, --messages, --heap",
          megabytes + ", " + messages + ", " + heap,
          "at least 1 each, and messages of at most " + MOST_MEGABYTES + " MiB");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    long began = System.nanoTime();
    Path logs = Path.of(System.getProperty("tributary.home", "."), "target", "bench-relay");
    RelayThroughput.Figures figures =
        new RelayThroughput(megabytes << 20, messages).run(heap, logs);
    var out = spec.commandLine().getOut();
    for (RelayThroughput.Row row : figures.rows()) {
      out.printf(
          Locale.ROOT,
          "%-7s %d messages of %d MiB in %6.2f s, median %7.1f MB/s%s%n",
          row.way(),
          row.messages(),
          megabytes,
          row.seconds(),
          row.bytesPerSecond() / 1e6,
          row.heldPeak() == 0 ? "" : ", held at most " + row.heldPeak() / 1024 + " KiB");
    }
    out.printf(
        Locale.ROOT,
        "the relay moves %.0f %% of a plain socket, %.0f %% of a bare proxy, %.0f %% of one link,"
            + " with a heap of %d MiB (medians)%n",
        100 * figures.relayOfSocket(),
        100 * figures.relayOfProxy(),
        100 * figures.relayOfLink(),
        heap);
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
    return 0;
  }
}
