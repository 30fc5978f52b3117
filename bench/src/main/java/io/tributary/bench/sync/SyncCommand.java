package io.tributary.bench.sync;

import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.bench.cluster.TlsChoice;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tributary bench sync}: a model between a coordinator and its agents, as fast as it goes.
 */
@Command(
    name = "sync",
    description =
        "Exchanges a model between a coordinator's process and agents that don't train, over"
            + " loopback, against what bare Netty moves and what the disk takes in forced writes.")
public final class SyncCommand implements Callable<Integer> {
  private static final int MOST_MEGABYTES = 1024;
  private static final int MOST_AGENTS = 64;
  private static final int LAYERS = 8;
  private static final int MOST_WARM_UP_SECONDS = 600;

  @Option(names = "--agents", defaultValue = "4", description = "Agents (${DEFAULT-VALUE}).")
  private int agents;

  @Option(
      names = "--model-mb",
      defaultValue = "256",
      description = "MiB of float32 of the model, a multiple of 8 (${DEFAULT-VALUE}).")
  private int megabytes;

  @Option(
      names = "--codec",
      description = "Codec policy of both directions; may be repeated (int4block, raw32).")
  private List<String> given = List.of();

  @Option(
      names = "--durability",
      defaultValue = "full",
      description =
          "full: what is acknowledged is on the device; none: it is in files (${DEFAULT-VALUE}).")
  private String durability;

  @Option(
      names = "--tls",
      description = "Whose TLS protects the links: none, boringssl or jdk; may be repeated (none).")
  private List<TlsChoice> givenTls = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "8",
      description = "Exchanges of the whole model to measure (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      defaultValue = "20",
      description = "Seconds of exchanges before that (${DEFAULT-VALUE}).")
  private int warmUpSeconds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Where the gradients come from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--data",
      description = "Folder for the coordinator's data, deleted at the end (target/bench-sync).")
  private @Nullable Path data;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /**
   * The figures of all codecs.
   *
   * @param rows one for each
   */
  record Figures(List<SyncRow> rows) {}

  @Override
  public Integer call() {
    check();
    List<String> codecs = given.isEmpty() ? List.of("int4block", "raw32") : given;
    CodecRegistry registry = CodecRegistry.load();
    codecs.forEach(c -> CodecPolicy.parse(c, registry).requireFixed("--codec"));
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    long began = System.nanoTime();
    Path folder = data == null ? ScratchFolder.of("sync") : data;
    var bench =
        new SyncBench(agents, megabytes, durability.equals("full"), rounds, warmUpSeconds, folder);
    var rows = new ArrayList<SyncRow>();
    for (String codec : codecs) {
      for (TlsChoice tls : givenTls.isEmpty() ? List.of(TlsChoice.NONE) : givenTls) {
        SyncRow row = bench.run(codec, tls.provider(), seed);
        rows.add(row);
        print(row);
      }
    }
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", seed, options, (System.nanoTime() - began) / 1e9)
          .write(json, new Figures(rows));
    }
    return 0;
  }

  private void check() {
    givenTls.forEach(TlsChoice::provider);
    if (agents < 1 || agents > MOST_AGENTS) {
      throw Errors.invalidSetting("--agents", agents, "1 to " + MOST_AGENTS);
    }
    if (megabytes < LAYERS || megabytes > MOST_MEGABYTES || megabytes % LAYERS != 0) {
      throw Errors.invalidSetting(
          "--model-mb", megabytes, "a multiple of " + LAYERS + " up to " + MOST_MEGABYTES);
    }
    if (rounds < 1) {
      throw Errors.invalidSetting("--rounds", rounds, "at least 1");
    }
    if (warmUpSeconds < 0 || warmUpSeconds > MOST_WARM_UP_SECONDS) {
      throw Errors.invalidSetting("--warm-up", warmUpSeconds, "0 to " + MOST_WARM_UP_SECONDS);
    }
    if (!durability.equals("full") && !durability.equals("none")) {
      throw Errors.invalidSetting("--durability", durability, "full or none");
    }
  }

  private void print(SyncRow row) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%-12s durability %s, TLS %s, %d agents, %d MiB: %.2f GB/s of float32 in all (%.2f up),"
                + " %.2f s of processor time for each GB;"
                + " wire %.0f MB/s, loopback %.0f MB/s, forced writes %.0f MB/s: %.0f %% of the"
                + " limit%n",
            row.codec(),
            row.durability(),
            row.tls(),
            row.agents(),
            row.modelMegabytes(),
            row.floatGigabytes(),
            row.floatGigabytesUp(),
            row.cpuSecondsPerGigabyte(),
            row.wireMegabytes(),
            row.loopbackMegabytes(),
            row.diskMegabytes(),
            100 * row.ofLimit());
  }
}
