package io.tributary.bench.fleet;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tributary.bench.cluster.LayeredModel;
import io.tributary.bench.cluster.ProcessMemory;
import io.tributary.bench.cluster.ScratchFolder;
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

/** {@code tributary bench fleet}: how a round's time and idle memory grow with the agents. */
@Command(
    name = "fleet",
    description =
        "Rounds of a fragment of 1 MiB with more and more agents at one coordinator's process, which"
            + " don't train and live in this one, over loopback.")
public final class FleetCommand implements Callable<Integer> {
  private static final int LEAST_AGENTS = 100;
  private static final int MOST_AGENTS = 4000;
  private static final int SIZES = 4;
  private static final int WARM_UP = 2;

  /** What all agents share is there when one of so many has come. */
  private static final int FEW = 10;

  /** All of the heap is there from the beginning, so that what grows beside it can be told. */
  private static final List<String> JVM_OPTIONS =
      List.of("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch");

  @Option(
      names = "--agents",
      defaultValue = "1000",
      description = "Agents at the end, from a tenth of them on (${DEFAULT-VALUE}).")
  private int agents;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds to measure (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--codec",
      defaultValue = "int8block",
      description = "Codec of both directions (${DEFAULT-VALUE}).")
  private String codec;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /**
   * One number of agents.
   *
   * @param agents how many
   * @param roundSeconds the mean time of a round
   * @param idleHeapBytes what one more that only is connected takes of the coordinator's live heap:
   *     the mean of all after the first tenth
   * @param idleOtherBytes the same of its anonymous memory outside of the heap
   * @param idleFixedBytes what the first tenth take of both and don't take each for themselves,
   *     such as what a pool of buffers asks for at first
   */
  record Row(
      int agents,
      @JsonProperty("round_seconds") double roundSeconds,
      @JsonProperty("idle_heap_bytes") long idleHeapBytes,
      @JsonProperty("idle_other_bytes") long idleOtherBytes,
      @JsonProperty("idle_fixed_bytes") long idleFixedBytes) {}

  /**
   * All of them.
   *
   * @param agents the most
   * @param exponent e of the time of a round as a power n^e of the number of agents, by least
   *     squares of the logarithms
   * @param idleBytes of the coordinator's memory for one more idle agent, on the way to the most
   * @param idleFixedBytes of it that don't grow with the agents, in the same process
   * @param rows by number of agents
   */
  record Figures(
      int agents,
      double exponent,
      @JsonProperty("idle_bytes_per_agent") long idleBytes,
      @JsonProperty("idle_fixed_bytes") long idleFixedBytes,
      List<Row> rows) {}

  @Override
  public Integer call() {
    if (agents < LEAST_AGENTS || agents > MOST_AGENTS || rounds < 1) {
      throw Errors.invalidSetting(
          "--agents, --rounds",
          agents + ", " + rounds,
          LEAST_AGENTS + " to " + MOST_AGENTS + ", and at least 1");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    long began = System.nanoTime();
    var rows = new ArrayList<Row>();
    for (int i = 0; i < SIZES; i++) {
      // 1, 2.2, 4.6 and 10 tenths: even steps of the logarithm.
      int count = (int) Math.rint(agents / 10.0 * StrictMath.pow(10, i / (SIZES - 1.0)));
      Row row = measure(count);
      rows.add(row);
      spec.commandLine()
          .getOut()
          .printf(
              Locale.ROOT,
              "%5d agents: %7.3f s a round; one more idle agent takes %d bytes of heap, %d"
                  + " beside it; all of them %d%n",
              row.agents(),
              row.roundSeconds(),
              row.idleHeapBytes(),
              row.idleOtherBytes(),
              row.idleFixedBytes());
      spec.commandLine().getOut().flush();
    }
    Row most = rows.get(rows.size() - 1);
    var figures =
        new Figures(
            agents,
            exponent(rows),
            most.idleHeapBytes() + most.idleOtherBytes(),
            most.idleFixedBytes(),
            List.copyOf(rows));
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "time grows as agents^%.2f; %d bytes for one more idle agent, %d for all of them%n",
            figures.exponent(),
            figures.idleBytes(),
            figures.idleFixedBytes());
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 1, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
    return 0;
  }

  private Row measure(int count) {
    try (var fleet =
        new Fleet(
            ScratchFolder.of("fleet"),
            JVM_OPTIONS,
            count,
            LayeredModel.of(1, 1),
            1,
            WARM_UP + rounds,
            codec,
            null)) {
      ProcessMemory memory = fleet.memory();
      fleet.join(1); // the run begins, and its classes are loaded
      Taken one = Taken.of(memory);
      int few = count / FEW;
      fleet.join(few - 1);
      Taken first = Taken.of(memory).minus(one);
      fleet.join(count - few);
      Taken rest = Taken.of(memory).minus(one).minus(first);
      long heap = rest.heap() / (count - few);
      long other = rest.other() / (count - few);
      long fixed = first.heap() + first.other() - (few - 1) * (heap + other);
      fleet.exchange(WARM_UP);
      long began = System.nanoTime();
      fleet.exchange(WARM_UP + rounds);
      return new Row(count, (System.nanoTime() - began) / 1e9 / rounds, heap, other, fixed);
    }
  }

  /** The coordinator's memory: live heap, and anonymous outside of it. */
  private record Taken(long heap, long other) {
    static Taken of(ProcessMemory memory) {
      return new Taken(memory.liveHeap(), memory.anonymous());
    }

    Taken minus(Taken before) {
      return new Taken(heap - before.heap, other - before.other);
    }
  }

  private static double exponent(List<Row> rows) {
    double meanX = 0;
    double meanY = 0;
    for (Row row : rows) {
      meanX += StrictMath.log(row.agents()) / rows.size();
      meanY += StrictMath.log(row.roundSeconds()) / rows.size();
    }
    double xy = 0;
    double xx = 0;
    for (Row row : rows) {
      double x = StrictMath.log(row.agents()) - meanX;
      xy += x * (StrictMath.log(row.roundSeconds()) - meanY);
      xx += x * x;
    }
    return xy / xx;
  }
}
