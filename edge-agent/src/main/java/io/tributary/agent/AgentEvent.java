package io.tributary.agent;

import java.util.List;

/** What happens at an agent, as it is logged and written as JSON lines. */
public sealed interface AgentEvent {
  /**
   * The agent has its place in the run.
   *
   * @param agent its name
   * @param participant its index
   * @param parameters the model's number of parameters
   * @param fromStep inner steps done before
   */
  record Joined(String agent, int participant, long parameters, int fromStep)
      implements AgentEvent {}

  /**
   * The agent has begun to train on a coarse copy of the model, and holds the exact one now.
   *
   * @param steps inner steps on the coarse copy
   * @param bytesCoarse bytes read from the socket when training on the coarse copy began; more than
   *     the copy has if the trainer was opened later than it came
   * @param bytesExact bytes read from the socket when the exact values had replaced it
   */
  record StartedEarly(int steps, long bytesCoarse, long bytesExact) implements AgentEvent {}

  /**
   * An inner step is done.
   *
   * @param step counted from 1
   * @param loss training loss, nats a token
   * @param bytesUp bytes written to the socket so far
   * @param bytesDown bytes read from the socket so far
   * @param linkUse the share of the up-link's cap in use since the connection began, 0 without a
   *     cap
   */
  record Progressed(int step, double loss, long bytesUp, long bytesDown, double linkUse)
      implements AgentEvent {}

  /**
   * The codec of a contribution was chosen, because the policy leaves a choice.
   *
   * @param fragment the fragment
   * @param version the version that it contributes to
   * @param codec the codec
   * @param reason why
   */
  record CodecChosen(int fragment, int version, String codec, String reason)
      implements AgentEvent {}

  /**
   * The agent has applied the last version of every fragment.
   *
   * @param agent its name
   * @param participant its index
   * @param fingerprint SHA-256 of θ in its own memory
   * @param versions the version of each fragment
   * @param bytesUp bytes written to the socket, joining included
   * @param bytesDown bytes read from the socket
   * @param trainSeconds from the first inner step to the last merge
   */
  record Finished(
      String agent,
      int participant,
      String fingerprint,
      List<Integer> versions,
      long bytesUp,
      long bytesDown,
      double trainSeconds)
      implements AgentEvent {}

  /**
   * Losses and a sample of the model that was trained.
   *
   * @param lossStart held-out loss of the initial values, nats a token
   * @param lossEnd held-out loss at the end
   * @param sample text that the trained model continues
   */
  record Evaluated(double lossStart, double lossEnd, String sample) implements AgentEvent {}
}
