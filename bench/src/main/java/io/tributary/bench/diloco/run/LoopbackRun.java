package io.tributary.bench.diloco.run;

import io.tributary.agent.Agent;
import io.tributary.agent.AgentEvent;
import io.tributary.agent.trainer.Trainer;
import io.tributary.coordinator.Coordinator;
import io.tributary.coordinator.RunEvent;
import io.tributary.coordinator.ship.ModelOffers;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.LinkTimes;
import io.tributary.security.LinkSecurity;
import io.tributary.tensor.ModelSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A whole run in this process: the product's coordinator and agents, a thread and a socket on
 * loopback for each agent, journals and states in a folder that is deleted at the end.
 */
public final class LoopbackRun {
  /** A process that is stopped for minutes and continued hasn't lost anything. */
  private static final LinkTimes PATIENT =
      new LinkTimes(
          Duration.ofHours(3), Duration.ofHours(12), Duration.ofMillis(100), Duration.ofSeconds(5));

  private final LoopbackPlan plan;
  private final ModelSchema schema;
  private final Participants participants;

  /** Who trains, and who watches. Called by several threads at once. */
  public interface Participants {
    /** The trainer of a participant's replica; the run closes it. */
    Trainer open(int participant);

    /** Something happened at an agent. */
    default void heard(int participant, AgentEvent event) {}

    /** Something happened at the coordinator. */
    default void heard(RunEvent event) {}

    /** The run is over for this participant; its trainer holds the outer parameters. */
    default void finished(int participant, Trainer trainer) {}
  }

  /**
   * What a run yields.
   *
   * @param fingerprint of the outer parameters, the same in all processes
   * @param bytesUp what each agent wrote to its socket, by participant
   * @param bytesDown what each agent read from its socket, by participant
   * @param exchanges the number of versions of each fragment
   */
  public record Outcome(
      String fingerprint, List<Long> bytesUp, List<Long> bytesDown, List<Integer> exchanges) {
    /** Copies the lists. */
    public Outcome {
      bytesUp = List.copyOf(bytesUp);
      bytesDown = List.copyOf(bytesDown);
      exchanges = List.copyOf(exchanges);
    }
  }

  /** A run of a model that hasn't begun. */
  public LoopbackRun(LoopbackPlan plan, ModelSchema schema, Participants participants) {
    this.plan = plan;
    this.schema = schema;
    this.participants = participants;
  }

  /**
   * Runs to the end.
   *
   * @throws TributaryException whatever ended the coordinator or one of the agents before it
   */
  public Outcome run() {
    Path folder = temporaryFolder();
    try {
      return run(folder);
    } finally {
      delete(folder);
    }
  }

  private Outcome run(Path folder) {
    Map<Integer, AgentEvent.Finished> ends = new ConcurrentHashMap<>();
    List<Agent> agents = new ArrayList<>();
    // One thread each for the agents, and one that waits for the coordinator.
    ExecutorService threads =
        Executors.newFixedThreadPool(
            plan.agents() + 1, work -> new Thread(work, "participant of a run"));
    try (Coordinator coordinator =
        Coordinator.start(
            plan.coordinator(folder.resolve("coordinator")),
            LinkSecurity.none(),
            PATIENT,
            new ModelOffers(List.of()),
            participants::heard)) {
      var parts = new ArrayList<CompletableFuture<Void>>();
      parts.add(CompletableFuture.runAsync(coordinator::await, threads));
      for (int i = 0; i < plan.agents(); i++) {
        String name = "agent-" + (i + 1);
        Agent agent =
            Agent.connect(
                name,
                "127.0.0.1",
                coordinator.port(),
                folder.resolve(name),
                plan.link(i),
                schema,
                LinkSecurity.none(),
                PATIENT,
                null);
        agents.add(agent);
        parts.add(CompletableFuture.runAsync(() -> train(agent, ends), threads));
      }
      awaitAll(parts);
    } finally {
      agents.forEach(Agent::stop);
      threads.shutdown();
      agents.forEach(Agent::close);
    }
    var inOrder = new TreeMap<>(ends);
    AgentEvent.Finished first = inOrder.firstEntry().getValue();
    return new Outcome(
        first.fingerprint(),
        inOrder.values().stream().map(AgentEvent.Finished::bytesUp).toList(),
        inOrder.values().stream().map(AgentEvent.Finished::bytesDown).toList(),
        first.versions());
  }

  private void train(Agent agent, Map<Integer, AgentEvent.Finished> ends) {
    int participant = agent.awaitPlace().participant();
    try (Trainer trainer = participants.open(participant)) {
      agent.train(
          trainer,
          event -> {
            if (event instanceof AgentEvent.Finished end) {
              ends.put(participant, end);
            }
            participants.heard(participant, event);
          });
      participants.finished(participant, trainer);
    }
  }

  /** Returns when all have ended well, or throws as soon as one has failed. */
  private static void awaitAll(List<CompletableFuture<Void>> parts) {
    var failed = new CompletableFuture<Void>();
    for (CompletableFuture<Void> part : parts) {
      var unused =
          part.whenComplete(
              (nothing, failure) -> {
                if (failure != null) {
                  failed.completeExceptionally(failure);
                }
              });
    }
    CompletableFuture<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    Errors.join(CompletableFuture.anyOf(all, failed));
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("tributary-study");
    } catch (IOException e) {
      throw Errors.storage(Path.of(System.getProperty("java.io.tmpdir")), "can't use", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw Errors.storage(folder, "can't delete", e);
    }
  }
}
