package io.tributary.agent;

import java.util.List;

/**
 * What an agent goes on from, beside the trainer's own state and θ.
 *
 * @param run the run it belongs to
 * @param step inner steps done; what was due to be cut after this step is cut
 * @param applied the version of each fragment that is applied
 * @param pending contributions whose aggregate hasn't been applied
 * @param tokens tokens trained on since the last contribution of each fragment
 * @param feedback what the up-link's error feedback of each fragment remembers, and where
 * @param bytesUp bytes written to sockets so far, by all processes of this agent
 * @param bytesDown bytes read from sockets so far
 */
record AgentState(
    String run,
    int step,
    List<Integer> applied,
    List<PendingContribution> pending,
    List<Long> tokens,
    List<FeedbackMark> feedback,
    long bytesUp,
    long bytesDown) {
  AgentState {
    applied = List.copyOf(applied);
    pending = List.copyOf(pending);
    tokens = List.copyOf(tokens);
    feedback = List.copyOf(feedback);
  }
}
