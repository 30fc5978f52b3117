package io.tributary.agent.split;

import java.util.List;

/** What happens at the ends of a cut, as it is logged and written as JSON lines. */
public sealed interface SplitEvent {
  /**
   * A server takes clients.
   *
   * @param server its name
   * @param parameters of the part above the cut
   */
  record Serving(String server, long parameters) implements SplitEvent {}

  /**
   * A client has a server, the first or another one.
   *
   * @param client its name
   * @param server the server's name
   * @param place of the client among the server's
   * @param parameters of the part below the cut
   */
  record Joined(String client, String server, int place, long parameters) implements SplitEvent {}

  /**
   * A step is done at a client, or at a server by all its clients together.
   *
   * @param step counted from 1
   * @param loss training loss, nats a token
   * @param bits mean bits a value at present, codes alone
   * @param bytesUp bytes written to sockets so far
   * @param bytesDown bytes read from sockets so far
   */
  record Stepped(int step, double loss, double bits, long bytesUp, long bytesDown)
      implements SplitEvent {}

  /**
   * A client has measured on held-out text, through the cut as it is.
   *
   * @param step after which
   * @param loss nats a token
   * @param accuracy share of tokens
   * @param channels for each number of bits from 0 on, rounded, how many channels have it
   */
  record Measured(int step, double loss, double accuracy, List<Integer> channels)
      implements SplitEvent {}

  /**
   * A step was refused and its gradients forgotten.
   *
   * @param step which
   * @param reason why
   */
  record Refused(int step, String reason) implements SplitEvent {}

  /**
   * A client's server is away: another one is sought, or the same awaited.
   *
   * @param step that goes on then
   * @param reason what was seen of it
   */
  record Waiting(int step, String reason) implements SplitEvent {}

  /**
   * An end of the cut goes on from a state that it had kept.
   *
   * @param step behind which it was kept
   * @param from the last step that was done before going back
   */
  record WentBack(int step, int from) implements SplitEvent {}

  /**
   * A server goes on without a client that says nothing, until it says something again.
   *
   * @param client its name
   * @param counted its last step that was counted
   * @param reason how long nothing was heard of it, and what it usually takes
   */
  record Absent(String client, int counted, String reason) implements SplitEvent {}

  /**
   * All steps are done.
   *
   * @param name of the agent
   * @param steps a client's steps, or a server's updates
   * @param bytesUp bytes written to sockets
   * @param bytesDown bytes read from sockets
   * @param trainSeconds from the first step to the last, measurements included
   */
  record Done(String name, int steps, long bytesUp, long bytesDown, double trainSeconds)
      implements SplitEvent {}
}
