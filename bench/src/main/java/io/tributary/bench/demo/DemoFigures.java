package io.tributary.bench.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a demo, as its JSON file holds them. Losses are in nats a byte, bytes as counted
 * at the agents' sockets.
 *
 * @param agents number of agents
 * @param steps inner steps of each
 * @param h inner steps between two exchanges of a fragment, the last of them where they grow
 * @param fragments fragments, the base fragment included
 * @param codec codec policy
 * @param seed the seed
 * @param lossStart of the initial values on the held-out text
 * @param lossEnd of the outer parameters at the end
 * @param lossAlone of the best agent that trained alone
 * @param lossDp of synchronous data parallelism, or null
 * @param bytesUp from all agents to the coordinator, joining and the last flush included
 * @param bytesDown from the coordinator to all agents
 * @param bytesDp what data parallelism sends: 2 directions x 2 bytes x parameters x steps x agents
 * @param reduction {@code bytesDp / (bytesUp + bytesDown)}
 * @param thetaChecksums SHA-256 of the outer parameters in the memory of the coordinator and of
 *     each agent
 * @param rounds versions made
 * @param exchangesPerFragment versions of each fragment
 * @param parameters the model's number of parameters
 * @param trainSeconds of the slowest agent, from its first step to its last merge
 * @param wallSeconds of the whole demo
 */
record DemoFigures(
    int agents,
    int steps,
    int h,
    int fragments,
    String codec,
    long seed,
    @JsonProperty("heldout_loss_start") double lossStart,
    @JsonProperty("heldout_loss_end") double lossEnd,
    @JsonProperty("heldout_loss_alone") double lossAlone,
    @JsonProperty("heldout_loss_dp") @Nullable Double lossDp,
    @JsonProperty("bytes_up_total") long bytesUp,
    @JsonProperty("bytes_down_total") long bytesDown,
    @JsonProperty("bytes_dp_total") long bytesDp,
    @JsonProperty("reduction_vs_dp") double reduction,
    @JsonProperty("theta_checksums") List<String> thetaChecksums,
    int rounds,
    @JsonProperty("exchanges_per_fragment") List<Integer> exchangesPerFragment,
    long parameters,
    @JsonProperty("train_seconds") double trainSeconds,
    @JsonProperty("wall_seconds") double wallSeconds) {}
