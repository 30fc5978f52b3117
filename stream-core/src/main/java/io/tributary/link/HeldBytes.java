package io.tributary.link;

import java.util.concurrent.atomic.AtomicLong;

/** Counts bytes that are held, up to a limit, and the most that were. Safe for any thread. */
final class HeldBytes {
  private final long limit;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();

  /** Counts from zero. */
  HeldBytes(long limit) {
    this.limit = limit;
  }

  /** The most bytes that may be held. */
  long limit() {
    return limit;
  }

  /** The bytes that are held now. */
  long now() {
    return held.get();
  }

  /** The most bytes that were held at any time. */
  long peak() {
    return peak.get();
  }

  /** Counts bytes; false, and nothing counted, if they are beyond the limit. */
  boolean take(int bytes) {
    long now = held.addAndGet(bytes);
    if (now > limit) {
      held.addAndGet(-bytes);
      return false;
    }
    peak.accumulateAndGet(now, Math::max);
    return true;
  }

  /** Counts bytes that are held no more. */
  void drop(long bytes) {
    held.addAndGet(-bytes);
  }

  /** Whether at most half of the limit is held: beyond that nothing more is asked for. */
  boolean hasRoom() {
    return held.get() <= limit / 2;
  }
}
