package io.tributary.run;

import java.util.List;

/**
 * The coordinator's answer to {@link JoinRequest}.
 *
 * @param manifest the run
 * @param participant the agent's index in the run, from 0: the order in which contributions are
 *     summed
 * @param snapshot whether the committed version of every fragment follows losslessly, because the
 *     agent holds none or lacks changes that are no longer kept; otherwise the changes that it
 *     lacks follow
 * @param committed the version of each fragment that the coordinator has committed
 * @param received for each fragment the newest version of which the coordinator holds this agent's
 *     whole contribution durably
 */
public record JoinReply(
    RunManifest manifest,
    int participant,
    boolean snapshot,
    List<Integer> committed,
    List<Integer> received) {
  /** Copies the lists. */
  public JoinReply {
    committed = List.copyOf(committed);
    received = List.copyOf(received);
  }
}
