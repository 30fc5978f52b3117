package io.tributary.bench.fleet;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tributary.bench.cluster.LayeredModel;
import io.tributary.bench.cluster.ProcessMemory;
import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench memory}: what a coordinator takes while it aggregates a large model. */
@Command(
    name = "memory",
    description =
        "Rounds of a large model at a coordinator's process with a small heap; its agents don't"
            + " train and live in this process.")
public final class MemoryCommand implements Callable<Integer> {
  private static final int LAYER_MEGABYTES = 16;
  private static final int LOOK_MILLIS = 100;
  private static final int QUICK_MEGABYTES = 64;
  private static final int QUICK_ROUNDS = 6;

  @Option(
      names = "--model-mb",
      defaultValue = "1024",
      description = "MiB of float32 of the model, a multiple of 16 (${DEFAULT-VALUE}).")
  private int megabytes;

  @Option(names = "--agents", defaultValue = "8", description = "Agents (${DEFAULT-VALUE}).")
  private int agents;

  @Option(
      names = "--rounds",
      defaultValue = "50",
      description = "Exchanges of the whole model (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--heap",
      defaultValue = "128",
      description = "MiB of heap, and again of direct memory (${DEFAULT-VALUE}).")
  private int heap;

  @Option(
      names = "--codec",
      defaultValue = "e3m0",
      description = "Codec of both directions (${DEFAULT-VALUE}).")
  private String codec;

  @Option(names = "--quick", description = "A short form: 64 MiB, 6 rounds.")
  private boolean quick;

  @Option(
      names = "--cgroup",
      paramLabel = "FOLDER",
      description =
          "Put the coordinator's process into this cgroup, which exists and has its limit, such as"
              + " /sys/fs/cgroup/NAME.")
  private @Nullable Path cgroup;

  @Option(names = "--json", description = "Write the figures to this file, anew after each round.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /**
   * After one round.
   *
   * @param round counted from 1
   * @param seconds that it took
   * @param peakAnonymous the most anonymous memory during it
   */
  record Row(int round, double seconds, @JsonProperty("peak_rss_anon_mb") double peakAnonymous) {}

  /**
   * All rounds so far.
   *
   * @param modelMegabytes MiB of float32
   * @param agents how many
   * @param rounds how many there were
   * @param heapMegabytes of heap, and again of direct memory
   * @param peakAnonymous MiB of the coordinator's memory that belong to no file, at most
   * @param peakResident MiB of its memory, at most
   * @param rows one for each round
   */
  record Figures(
      @JsonProperty("model_mb") int modelMegabytes,
      int agents,
      int rounds,
      @JsonProperty("heap_mb") int heapMegabytes,
      @JsonProperty("peak_rss_anon_mb") double peakAnonymous,
      @JsonProperty("peak_rss_mb") double peakResident,
      List<Row> rows) {}

  @Override
  public Integer call() {
    if (quick) {
      megabytes = QUICK_MEGABYTES;
      rounds = QUICK_ROUNDS;
    }
    if (megabytes < LAYER_MEGABYTES || megabytes % LAYER_MEGABYTES != 0) {
      throw Errors.invalidSetting(
          "--model-mb", megabytes, "a multiple of " + LAYER_MEGABYTES + ", above 0");
    }
    if (agents < 1 || rounds < 1 || heap < 16) {
      throw Errors.invalidSetting(
          "--agents, --rounds, --heap",
          agents + ", " + rounds + ", " + heap,
          "at least 1, 1 and 16");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    if (cgroup != null && !Files.isWritable(cgroup.resolve(Fleet.PROCESSES))) {
      throw Errors.invalidSetting(
          "--cgroup",
          cgroup,
          "the folder of a cgroup whose " + Fleet.PROCESSES + " can be written");
    }
    Figures figures = measure();
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%d MiB, %d agents, %d rounds, heap %d MiB: at most %.0f MiB anonymous, %.0f MiB in"
                + " all%n",
            figures.modelMegabytes(),
            figures.agents(),
            figures.rounds(),
            figures.heapMegabytes(),
            figures.peakAnonymous(),
            figures.peakResident());
    return 0;
  }

  private void write(Figures figures, long began) {
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 1, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
  }

  private Figures measure() {
    long start = System.nanoTime();
    int layers = megabytes / LAYER_MEGABYTES;
    List<String> jvm = List.of("-Xmx" + heap + "m", "-XX:MaxDirectMemorySize=" + heap + "m");
    var anonymous = new AtomicLong();
    var peak = new AtomicLong();
    var resident = new AtomicLong();
    ScheduledExecutorService watch =
        Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "memory-watch"));
    try (var fleet =
        new Fleet(
            ScratchFolder.of("memory"),
            jvm,
            agents,
            LayeredModel.of(megabytes, layers),
            layers,
            rounds,
            codec,
            cgroup)) {
      ProcessMemory memory = fleet.memory();
      var unused =
          watch.scheduleAtFixedRate(
              () -> {
                long now = memory.anonymous();
                anonymous.accumulateAndGet(now, Math::max);
                peak.accumulateAndGet(now, Math::max);
                resident.accumulateAndGet(memory.resident(), Math::max);
              },
              0,
              LOOK_MILLIS,
              TimeUnit.MILLISECONDS);
      fleet.join(agents);
      var rows = new ArrayList<Row>();
      Figures figures;
      do {
        long began = System.nanoTime();
        fleet.exchange(rows.size() + 1);
        double seconds = (System.nanoTime() - began) / 1e9;
        rows.add(new Row(rows.size() + 1, seconds, megabytes(anonymous.getAndSet(0))));
        Row row = rows.get(rows.size() - 1);
        spec.commandLine()
            .getOut()
            .printf(
                Locale.ROOT,
                "round %d: %.1f s, %.0f MiB anonymous%n",
                row.round(),
                row.seconds(),
                row.peakAnonymous());
        spec.commandLine().getOut().flush();
        figures =
            new Figures(
                megabytes,
                agents,
                rows.size(),
                heap,
                megabytes(peak.get()),
                megabytes(resident.get()),
                List.copyOf(rows));
        // A run of hours that ends early has still shown something.
        write(figures, start);
      } while (rows.size() < rounds);
      return figures;
    } finally {
      watch.shutdownNow();
    }
  }

  private static double megabytes(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
