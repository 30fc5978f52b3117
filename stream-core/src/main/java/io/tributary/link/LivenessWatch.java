package io.tributary.link;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Watches the time since the last byte of the peer: asks for a sign of life after one interval,
 * gives the peer up after the patience.
 */
final class LivenessWatch {
  private final EventExecutor loop;
  private final long intervalNanos;
  private final long patienceNanos;
  private final Runnable ask;
  private final Runnable giveUp;
  private long lastRead;
  private boolean asked;
  private boolean stopped;

  LivenessWatch(EventExecutor loop, LinkTimes times, Runnable ask, Runnable giveUp) {
    this.loop = loop;
    this.intervalNanos = times.pingInterval().toNanos();
    this.patienceNanos = times.patience().toNanos();
    this.ask = ask;
    this.giveUp = giveUp;
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

  /** How long nothing was heard. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastRead);
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
    if (silent >= patienceNanos) {
      stopped = true;
      giveUp.run();
      return;
    }
    if (silent >= intervalNanos && !asked) {
      asked = true;
      ask.run();
    }
    // An answer may come at once, and the next question is due an interval after it.
    checkIn(asked ? Math.min(intervalNanos, patienceNanos - silent) : intervalNanos - silent);
  }
}
