package io.tributary.link;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Pauses between attempts: each twice the one before, up to a longest, and each shortened by up to
 * half at random so that clients that lost one server together don't come back together. The random
 * numbers are seeded: the same seed gives the same pauses.
 */
final class BackOff {
  private final Duration first;
  private final Duration last;
  private final SplittableRandom random;
  private Duration next;

  BackOff(Duration first, Duration last, long seed) {
    this.first = first;
    this.last = last;
    this.next = first;
    this.random = new SplittableRandom(seed);
  }

  /** The pause before the next attempt. */
  Duration pause() {
    long nanos = next.toNanos();
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(last) > 0 ? last : doubled;
    return Duration.ofNanos(nanos - (long) (nanos / 2.0 * random.nextDouble()));
  }

  /** Begins again with the first pause. */
  void reset() {
    next = first;
  }
}
