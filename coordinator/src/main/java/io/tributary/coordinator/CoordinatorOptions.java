package io.tributary.coordinator;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a coordinator is told when it starts. The model is not among it: the first agent brings it.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for any free one
 * @param data the folder of the run's state
 * @param participants the number of agents
 * @param quorum how many contributions a round needs; with as many as agents, everybody waits for
 *     everybody
 * @param patience how long an agent may be away, or present without progress, before a round with a
 *     quorum goes on without it
 * @param seed where initial values and data order come from
 * @param steps inner steps of each agent
 * @param interval H
 * @param layerFragments P
 * @param delay tau
 * @param mixing alpha
 * @param outerLearningRate of the outer step
 * @param outerMomentum of the outer step
 * @param codecUp codec policy of contributions
 * @param codecDown codec policy of aggregates
 * @param bytesPerSecond what may be sent on each connection, 0 for no limit
 */
public record CoordinatorOptions(
    String host,
    int port,
    Path data,
    int participants,
    int quorum,
    Duration patience,
    long seed,
    int steps,
    int interval,
    int layerFragments,
    int delay,
    float mixing,
    float outerLearningRate,
    float outerMomentum,
    String codecUp,
    String codecDown,
    long bytesPerSecond) {}
