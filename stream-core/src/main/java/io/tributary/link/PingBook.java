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

  /** A nonce for a PING nobody waits for. */
  long nonce() {
    return nextNonce++;
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

  /** A PONG has come; one that nobody waits for is ignored. */
  void answered(long nonce, long nowNanos) {
    Waiting one = waiting.remove(nonce);
    if (one != null) {
      one.sink.success(Duration.ofNanos(nowNanos - one.sinceNanos));
    }
  }

  void fail(TributaryException cause) {
    List<Waiting> all = List.copyOf(waiting.values());
    waiting.clear();
    all.forEach(one -> one.sink.error(cause));
  }
}
