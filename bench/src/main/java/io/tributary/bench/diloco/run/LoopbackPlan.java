package io.tributary.bench.diloco.run;

import io.tributary.coordinator.CoordinatorOptions;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run in one process does.
 *
 * @param agents M
 * @param quorum contributions that a round needs
 * @param seed where initial values and data order come from
 * @param steps inner steps of each agent
 * @param interval H
 * @param layerFragments P; 1 exchanges the whole model at once
 * @param delay tau
 * @param mixing alpha
 * @param eager whether agents apply their own contribution at once
 * @param outer the outer optimizer
 * @param guard what keeps bad contributions out
 * @param codecUp codec policy of contributions
 * @param codecDown codec policy of changes
 * @param links bytes a second of the agents' links in turn, 0 for no cap; the coordinator's side
 *     has the cap of the first
 */
public record LoopbackPlan(
    int agents,
    int quorum,
    long seed,
    int steps,
    ExchangeInterval interval,
    int layerFragments,
    int delay,
    float mixing,
    boolean eager,
    String outer,
    String guard,
    String codecUp,
    String codecDown,
    List<Long> links) {
  private static final double PATIENCE = 4;

  /** Copies the list. */
  public LoopbackPlan {
    links = List.copyOf(links);
  }

  /** DiLoCo: the whole model at once, and everybody waits; float32, so that nothing is rounded. */
  public static LoopbackPlan diloco(int agents, long seed, int steps, int interval, String outer) {
    return new LoopbackPlan(
        agents,
        agents,
        seed,
        steps,
        ExchangeInterval.fixed(interval),
        1,
        0,
        0,
        false,
        outer,
        "none",
        "raw32",
        "raw32",
        List.of(0L));
  }

  /** The same with streamed fragments. */
  public LoopbackPlan streaming(int newLayerFragments, int newDelay, float newMixing) {
    return new LoopbackPlan(
        agents,
        quorum,
        seed,
        steps,
        interval,
        newLayerFragments,
        newDelay,
        newMixing,
        eager,
        outer,
        guard,
        codecUp,
        codecDown,
        links);
  }

  /** The same with an interval that may grow. */
  public LoopbackPlan every(ExchangeInterval newInterval) {
    return new LoopbackPlan(
        agents,
        quorum,
        seed,
        steps,
        newInterval,
        layerFragments,
        delay,
        mixing,
        eager,
        outer,
        guard,
        codecUp,
        codecDown,
        links);
  }

  /** The same with agents that do or don't apply their own contribution at once. */
  public LoopbackPlan eager(boolean newEager) {
    return new LoopbackPlan(
        agents,
        quorum,
        seed,
        steps,
        interval,
        layerFragments,
        delay,
        mixing,
        newEager,
        outer,
        guard,
        codecUp,
        codecDown,
        links);
  }

  /** The same with another guard. */
  public LoopbackPlan guard(String newGuard) {
    return new LoopbackPlan(
        agents,
        quorum,
        seed,
        steps,
        interval,
        layerFragments,
        delay,
        mixing,
        eager,
        outer,
        newGuard,
        codecUp,
        codecDown,
        links);
  }

  /** The same with other codecs. */
  public LoopbackPlan codecs(String up, String down) {
    return new LoopbackPlan(
        agents,
        quorum,
        seed,
        steps,
        interval,
        layerFragments,
        delay,
        mixing,
        eager,
        outer,
        guard,
        up,
        down,
        links);
  }

  /** The same over links of other speeds, for all agents or one after the other. */
  public LoopbackPlan link(Long... newLinks) {
    return new LoopbackPlan(
        agents,
        quorum,
        seed,
        steps,
        interval,
        layerFragments,
        delay,
        mixing,
        eager,
        outer,
        guard,
        codecUp,
        codecDown,
        List.of(newLinks));
  }

  /** The same where rounds go on without the slowest: so many contributions are enough. */
  public LoopbackPlan quorum(int newQuorum) {
    return new LoopbackPlan(
        agents,
        newQuorum,
        seed,
        steps,
        interval,
        layerFragments,
        delay,
        mixing,
        eager,
        outer,
        guard,
        codecUp,
        codecDown,
        links);
  }

  /** The cap of an agent's link. */
  long link(int agent) {
    return links.get(agent % links.size());
  }

  CoordinatorOptions coordinator(Path data) {
    return new CoordinatorOptions(
        "127.0.0.1",
        0,
        data,
        agents,
        quorum,
        PATIENCE,
        seed,
        steps,
        interval,
        FragmentOrder.STRIDED,
        layerFragments,
        delay,
        mixing,
        eager,
        outer,
        guard,
        codecUp,
        codecDown,
        links.get(0));
  }
}
