package io.tributary.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.tributary.tensor.ModelSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says first. An agent with a stored state names its run and what it holds; a new one
 * leaves both empty.
 *
 * @param agent the agent's name, unique in the run
 * @param run the run that the agent's stored state belongs to, or null
 * @param applied the version of each fragment that the agent has applied; empty if it has no state
 * @param schemaHash the model's hash
 * @param schema the model itself, so that the first agent of a run can bring it
 * @param early the codec of a coarse copy that goes ahead of the exact values, should the agent
 *     need those, or null for none
 * @param startMillis how long the process had run when it was ready to connect, in milliseconds;
 *     its successor is waited for by it
 */
public record JoinRequest(
    String agent,
    @JsonSetter(nulls = Nulls.SET) @Nullable String run,
    List<Integer> applied,
    String schemaHash,
    ModelSchema schema,
    @JsonSetter(nulls = Nulls.SET) @Nullable String early,
    long startMillis) {
  /** Copies the list. */
  public JoinRequest {
    applied = List.copyOf(applied);
  }

  /** Of an agent that waits for exact values and took no time to start. */
  public JoinRequest(
      String agent,
      @Nullable String run,
      List<Integer> applied,
      String schemaHash,
      ModelSchema schema) {
    this(agent, run, applied, schemaHash, schema, null, 0);
  }
}
