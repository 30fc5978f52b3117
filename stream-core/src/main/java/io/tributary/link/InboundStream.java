package io.tributary.link;

import io.tributary.error.ErrorCode;
import java.util.Optional;
import reactor.core.publisher.Flux;

/**
 * A stream that the peer sends. Safe for any thread; calls after the stream's end do nothing.
 *
 * <p>The stream ends with {@link #acknowledge()}, {@link #reject}, the cancellation of its chunks,
 * the peer's CANCEL, an error, or the connection.
 */
public interface InboundStream {
  /** What the peer says of the stream. */
  StreamHeader header();

  /** Whether the peer sent it before and waits for {@link #resumeAt}. */
  boolean repeated();

  /** The agent that sends it, if the peer only passes it on; see {@link Link#sendTo}. */
  default Optional<FarPeer> far() {
    return Optional.empty();
  }

  /**
   * The bytes of chunks that have arrived on this connection, of unfinished ones too: as long as
   * they grow, the peer is at work.
   */
  long arrived();

  /**
   * The chunks in order, for one subscriber, on the event loop; the subscriber releases each.
   *
   * <p>Demand becomes credit: the peer sends no chunk that was neither requested nor covered by the
   * initial credit of HELLO, so a subscriber that requests little at a time holds little memory.
   * Completes when the peer has closed the stream and every announced chunk was delivered. Fails
   * with {@code CONNECTION_LOST}, {@code CANCELLED}, {@code CREDIT_EXCEEDED}, {@code UNKNOWN_CODEC}
   * or what the peer gave as reason; chunks that nobody took are then released. Subscribing to a
   * repeated stream without {@link #resumeAt} starts it from chunk 0.
   */
  Flux<EncodedChunk> chunks();

  /**
   * Answers a repeated stream: all chunks before this one are durable here, go on with it. Call it
   * once, before subscribing.
   *
   * @param chunk 0 to the number of chunks
   * @throws IllegalStateException if the stream isn't repeated
   */
  void resumeAt(int chunk);

  /** Tells the peer that the first {@code chunks} chunks are durable; the stream goes on. */
  void acknowledge(int chunks);

  /** Tells the peer that the whole stream is durable here; the stream has ended well. */
  void acknowledge();

  /** Refuses the stream, or the rest of it; chunks that nobody took are released. */
  void reject(ErrorCode code, String text);
}
