package io.tributary.link;

import io.tributary.error.ErrorCode;
import io.tributary.security.PeerIdentity;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A live connection to a peer that has said HELLO. Safe for any thread.
 *
 * <p>What leaves first: PING and other control frames, then messages, then streams by the priority
 * of their kind; streams of equal priority take turns frame by frame. A stream's first frame stands
 * behind all messages that were given to the link before {@link #send} was subscribed to.
 */
public interface Link {
  /** What the other side said of itself. */
  Hello peer();

  /**
   * Who the other side's certificate says that it is; its name is that of {@link #peer}. Empty if
   * the link isn't protected.
   */
  default Optional<PeerIdentity> identity() {
    return Optional.empty();
  }

  /**
   * Sends a stream, once for each subscription. Completes, on the event loop, when the peer has
   * acknowledged the whole stream as durable. Cancelling the subscription cancels the stream.
   *
   * <p>{@code chunksFrom} is called on the event loop with the index of the first chunk that the
   * peer lacks: 0, or, for a repeated stream, whatever the peer's RESUME says; it isn't called when
   * the peer lacks none. The publisher must encode on a thread of its own; it is asked for no more
   * chunks than the peer takes and than this side holds ready ({@link LinkSettings#SENDER_CHUNKS}).
   * Its chunks are the link's to release.
   *
   * <p>Fails with a {@link io.tributary.error.TributaryException}: {@code CONNECTION_LOST} when the
   * connection ends first (send again, {@code repeated}, on the next one), {@code UNKNOWN_CODEC}
   * when a chunk's codec is not among {@link Hello#decodes}, {@code CANCELLED} when the peer gives
   * the stream up, or what the peer answered; or with the publisher's own failure.
   *
   * @param repeated whether the stream may have been sent before: the peer is then asked where to
   *     go on
   */
  Mono<Void> send(
      StreamHeader header, boolean repeated, Function<Integer, Publisher<EncodedChunk>> chunksFrom);

  /**
   * Sends a stream to another agent, which the server at the other end of this link passes it on
   * to; otherwise as {@link #send}. The agent's demand becomes credit here, and there is none
   * before it: whoever reads slowly slows this side. Completes when the agent has acknowledged the
   * stream.
   *
   * <p>Fails with {@code PEER_ABSENT} when the agent isn't there or leaves before the end, {@code
   * NOT_TRUSTED} when this side may not send to others, {@code UNKNOWN_CODEC} when a chunk's codec
   * is not among {@link FarPeer#decodes}, or what the agent answered.
   */
  Mono<Void> sendTo(FarPeer to, StreamHeader header, Supplier<Publisher<EncodedChunk>> chunks);

  /**
   * Sends a message. Messages arrive in the order in which they were given, or not at all: on a
   * link that has ended they vanish, and {@link LinkHandler#disconnected} says so.
   *
   * @param kind what both applications know the message by, 0 to 65535
   * @param body the message; the link's from now on, not to be changed
   * @throws io.tributary.error.TributaryException {@code LIMIT_EXCEEDED} if the body is longer than
   *     {@link LinkSettings#MAX_MESSAGE_LENGTH} or if more waits than {@link
   *     LinkSettings#MESSAGE_QUEUE_BYTES}
   */
  void message(int kind, byte[] body);

  /**
   * The time that a PING takes to the peer's event loop and back, counted from the subscription.
   * Fails with {@code CONNECTION_LOST} when the connection ends first.
   */
  Mono<Duration> ping();

  /** What has passed so far. */
  LinkCounters counters();

  /**
   * Ends the link: streams fail, messages and control frames that wait are still sent, for one
   * second at most. Does nothing the second time.
   */
  void close();

  /**
   * Tells the peer why, as an ERROR of the connection, and ends the link. {@link
   * LinkHandler#disconnected} hears the same reason on both sides.
   */
  void fail(ErrorCode code, String text);

  /** Completes when the connection is closed, for whatever reason. */
  Mono<Void> onClose();
}
