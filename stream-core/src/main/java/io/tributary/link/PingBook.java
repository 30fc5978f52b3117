package io.tributary.link;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.MonoSink;

/** The PINGs that wait for their PONG. */
final class PingBook {
  private static final int MOST = 1024;

  private record Waiting(MonoSink<Duration> sink, long sinceNanos) {}

  private final Map<Long, Waiting> waiting = new HashMap<>();
  private long nextNonce = 1;
  private long unasked;

  /** A nonce for a PING nobody waits for. */
  long nonce() {
    unasked = nextNonce++;
    return unasked;
  }

  /**
   * Notes who waits for the PONG of a new nonce.
   *
   * @param sinceNanos when the time began to run
   * @throws TributaryException {@code LIMIT_EXCEEDED} if too many wait
   */
  long nonce(MonoSink<Duration> sink, long sinceNanos) {
    if (waiting.size() >= MOST) {
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "expected at most " + MOST + " PINGs under way, found one more");
    }
    long nonce = nextNonce++;
    waiting.put(nonce, new Waiting(sink, sinceNanos));
    return nonce;
  }

  /**
   * A PONG has come; one that answers no PING is ignored.
   *
   * @return whether it answers the last of those that nobody waits for
   */
  boolean answered(long nonce, long nowNanos) {
    Waiting one = waiting.remove(nonce);
    if (one != null) {
      one.sink.success(Duration.ofNanos(nowNanos - one.sinceNanos));
    }
    boolean ours = nonce == unasked;
    unasked = ours ? 0 : unasked;
    return ours;
  }

  void fail(TributaryException cause) {
    List<Waiting> all = List.copyOf(waiting.values());
    waiting.clear();
    all.forEach(one -> one.sink.error(cause));
  }
}
