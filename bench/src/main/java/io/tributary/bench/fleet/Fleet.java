package io.tributary.bench.fleet;

import io.tributary.bench.cluster.CoordinatorProcess;
import io.tributary.bench.cluster.LightAgent;
import io.tributary.bench.cluster.ProcessMemory;
import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.codec.CodecRegistry;
import io.tributary.error.Errors;
import io.tributary.link.LinkOptions;
import io.tributary.run.FragmentMap;
import io.tributary.run.FragmentOrder;
import io.tributary.tensor.ModelSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's process and light agents that all bring the same: each layer of the model is a
 * fragment. The coordinator's data is deleted at the end.
 */
final class Fleet implements AutoCloseable {
  /** The file of a cgroup that lists its processes, and takes another one's id. */
  static final String PROCESSES = "cgroup.procs";

  private final ModelSchema schema;
  private final Path data;
  private final CodecRegistry codecs = CodecRegistry.load();
  private final FixedCargo cargo;
  private final CoordinatorProcess coordinator;
  private final List<LightAgent> agents = new ArrayList<>();

  /**
   * Starts the coordinator and waits until it listens.
   *
   * @param agents that the run has
   * @param layers of the model, each a fragment
   * @param rounds that the run has at least
   * @param cgroup the folder of the cgroup that the coordinator is put into, or null
   */
  Fleet(
      Path folder,
      List<String> jvmOptions,
      int agents,
      ModelSchema schema,
      int layers,
      int rounds,
      String codec,
      @Nullable Path cgroup) {
    this.schema = schema;
    data = folder.resolve("data");
    ScratchFolder.delete(data);
    cargo = new FixedCargo(FragmentMap.of(schema, FragmentOrder.STRIDED, layers), codec, codecs, 1);
    coordinator =
        CoordinatorProcess.start(
            folder,
            jvmOptions,
            List.of(
                "--port",
                "0",
                "--data",
                data.toString(),
                "--agents",
                "" + agents,
                "--steps",
                "" + layers * (rounds + 1),
                "--h",
                "" + layers,
                "--fragments",
                "" + layers,
                "--tau",
                "0",
                "--alpha",
                "0",
                "--codec",
                codec),
            event -> {});
    if (cgroup != null) {
      enter(cgroup.resolve(PROCESSES));
    }
    coordinator.port();
  }

  private void enter(Path processes) {
    try {
      Files.writeString(processes, Long.toString(coordinator.process().pid()));
    } catch (IOException e) {
      coordinator.close();
      throw Errors.storage(processes, "can't move the coordinator there", e);
    }
  }

  /** The coordinator's memory. */
  ProcessMemory memory() {
    return new ProcessMemory(coordinator.process().pid());
  }

  /** Lets so many agents join, and returns when they have. */
  void join(int count) {
    var joined = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < count; i++) {
      var agent =
          new LightAgent(
              LinkOptions.of("agent-" + agents.size(), codecs.readable(), 0),
              schema,
              cargo,
              coordinator.port());
      agents.add(agent);
      joined.add(agent.joined());
    }
    coordinator.await(joined);
  }

  /** Makes all versions up to this one, and returns when every agent has the last. */
  void exchange(int version) {
    coordinator.await(agents.stream().map(agent -> agent.goOn(version)).toList());
  }

  @Override
  public void close() {
    agents.forEach(LightAgent::close);
    coordinator.close();
    ScratchFolder.delete(data);
  }
}
