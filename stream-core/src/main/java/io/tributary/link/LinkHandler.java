package io.tributary.link;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;

/**
 * The application's side of links. Called on the event loop of the link: hand work on at once,
 * never compute or block. An exception from any of these methods ends the link.
 *
 * <p>For each link {@link #connected} comes first and {@link #disconnected} last, both exactly
 * once. What has a default may be left out by who has nothing to do there; a stream has none, as it
 * would wait for ever.
 */
public interface LinkHandler {
  /** The peer has said HELLO. */
  void connected(Link link);

  /** A whole message has arrived; the body is the application's. Usually it is dropped. */
  default void message(Link link, int kind, byte[] body) {}

  /**
   * The peer opens a stream. It waits, taking no more than the initial credit, until somebody
   * subscribes to its chunks or rejects it.
   */
  void stream(Link link, InboundStream stream);

  /**
   * The client at the other end asks this server to pass a stream on to another agent.
   *
   * @param name of the agent
   * @return where it goes
   * @throws TributaryException why it goes nowhere, which the client is told; the link goes on
   */
  default RelayRoute route(Link from, String name) {
    throw new TributaryException(
        ErrorCode.PROTOCOL_VIOLATION, "streams between agents aren't passed on here");
  }

  /**
   * The link has ended; its streams have failed.
   *
   * @param cause why: a {@link TributaryException} with {@code CONNECTION_LOST}, {@code
   *     PEER_SILENT}, the peer's own ERROR, or this side's complaint about the peer
   */
  default void disconnected(Link link, Throwable cause) {}

  /**
   * A connection ended before both sides had said a HELLO that the other could accept. A client
   * tries again nevertheless; if {@code cause} isn't retryable, closing it is wiser.
   *
   * @param address of the peer, for people
   */
  default void refused(String address, TributaryException cause) {}
}
