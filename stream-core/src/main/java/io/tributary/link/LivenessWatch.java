package io.tributary.link;

import io.netty.util.concurrent.EventExecutor;
import io.tributary.liveness.MeasuredDeadline;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches the time since the last byte of the peer: asks for a sign of life after one interval,
 * gives the peer up after a multiple of what an answer takes, the interval included.
 */
final class LivenessWatch {
  /** What a retransmission or two of TCP, at doubled distances, make of one answer. */
  private static final double PATIENCE = 4;

  /** Who delays its answers doesn't make itself immortal. */
  private static final Duration SLOWEST_ANSWER = Duration.ofMinutes(1);

  private final EventExecutor loop;
  private final long intervalNanos;
  private final MeasuredDeadline deadline;
  private final Runnable ask;
  private final Consumer<String> giveUp;
  private long lastRead;
  private long askedAt;
  private boolean asked;
  private boolean stopped;

  /**
   * A watch that hasn't begun.
   *
   * @param ask sends a PING
   * @param giveUp ends the link; is told why, in words that follow the peer's name
   */
  LivenessWatch(EventExecutor loop, Duration interval, Runnable ask, Consumer<String> giveUp) {
    this.loop = loop;
    this.intervalNanos = interval.toNanos();
    this.ask = ask;
    this.giveUp = giveUp;
    deadline =
        new MeasuredDeadline(
            PATIENCE,
            interval,
            interval,
            Duration.ofNanos((long) (PATIENCE * interval.plus(SLOWEST_ANSWER).toNanos())));
  }

  void start() {
    lastRead = System.nanoTime();
    checkIn(intervalNanos);
  }

  void stop() {
    stopped = true;
  }

  /** The peer was heard. */
  void heard() {
    lastRead = System.nanoTime();
    asked = false;
  }

  /** The answer to what was asked last is here. */
  void answered() {
    deadline.took(intervalNanos + System.nanoTime() - askedAt);
  }

  private void checkIn(long nanos) {
    long due = System.nanoTime() + nanos;
    var unused = loop.schedule(() -> check(due), nanos, TimeUnit.NANOSECONDS);
  }

  private void check(long due) {
    if (stopped) {
      return;
    }
    long now = System.nanoTime();
    if (now - due > intervalNanos) {
      // This process itself was asleep; what the peer sent meanwhile may be waiting in the socket.
      lastRead = Math.max(lastRead, now - intervalNanos);
    }
    long silent = now - lastRead;
    long allowed = deadline.nanos();
    if (silent >= allowed) {
      stopped = true;
      giveUp.accept(
          String.format(
              Locale.ROOT, "has said nothing for %.1f s; allowed: %s", silent / 1e9, deadline));
      return;
    }
    if (silent >= intervalNanos && !asked) {
      asked = true;
      askedAt = now;
      ask.run();
    }
    // An answer may come at once, and the next question is due an interval after it.
    checkIn(asked ? Math.min(intervalNanos, allowed - silent) : intervalNanos - silent);
  }
}
