package io.tributary.coordinator.relay;

/** What happens between agents, as it is logged and written as JSON lines. */
public sealed interface RelayEvent {
  /**
   * The relay takes connections.
   *
   * @param host where
   * @param port where
   */
  record Relaying(String host, int port) implements RelayEvent {}

  /**
   * An agent takes streams from others.
   *
   * @param agent its name
   * @param service what for
   * @param places how many others at once
   */
  record Offered(String agent, String service, int places) implements RelayEvent {}

  /**
   * An agent was told of another one.
   *
   * @param agent who sought
   * @param server who offers
   * @param service what for
   */
  record Paired(String agent, String server, String service) implements RelayEvent {}

  /**
   * An agent's connection has ended.
   *
   * @param agent its name
   * @param bytesPassed bytes of frames that were passed on so far, between all agents
   * @param peakBytes the most that was held at any time so far
   */
  record Left(String agent, long bytesPassed, long peakBytes) implements RelayEvent {}
}
