package io.tributary.bench.link;

import io.tributary.command.ByteRate;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
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

/** {@code tributary bench ping}: the round trip of a PING on a link that is full both ways. */
@Command(
    name = "ping",
    description =
        "Round trips of a PING over a real socket whose both directions are full of streams.")
public final class PingCommand implements Callable<Integer> {
  @Option(
      names = "--link",
      defaultValue = "2mbit",
      description = "Cap of the link, each way (${DEFAULT-VALUE}).")
  private String link;

  @Option(names = "--pings", defaultValue = "200", description = "Round trips (${DEFAULT-VALUE}).")
  private int pings;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long rate = new ByteRate().convert(link);
    if (rate == 0 || pings < 1) {
      throw Errors.invalidSetting(
          "--link, --pings", link + ", " + pings, "a cap and at least one round trip");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    long began = System.nanoTime();
    PingUnderLoad.Result result;
    try {
      result = PingUnderLoad.run(rate, pings, Duration.ofMillis(50), millis -> {});
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
    }
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "PING over a full %s link, %d round trips: median %.1f ms, 90 %% %.1f ms, 99 %% %.1f"
                + " ms, longest %.1f ms; link in use %.0f %% out, %.0f %% back%n",
            link,
            pings,
            result.p50Millis(),
            result.p90Millis(),
            result.p99Millis(),
            result.maxMillis(),
            100 * result.busyShareOut(),
            100 * result.busyShareBack());
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9)
          .write(json, result);
    }
    return 0;
  }
}
