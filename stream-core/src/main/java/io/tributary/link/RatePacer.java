package io.tributary.link;

/**
 * A token bucket that may be overdrawn by one frame: sending is allowed while nothing is owed, and
 * what was sent is owed until the cap has earned it. So over any time the bytes sent are at most
 * cap × time + the burst + one frame, and on a busy link exactly the cap on average, however late
 * the event loop wakes up, up to the burst.
 */
final class RatePacer {
  /** How late the event loop may wake up without the link losing capacity. */
  private static final long BURST_NANOS = 20_000_000;

  private final long bytesPerSecond;
  private long lastNanos;

  /** What may be sent at once, in bytes × 10^9; negative if owed. Exact, because integral. */
  private long balance;

  private final long burst;

  /** A pacer for a cap in bytes a second, 0 for none, from the moment {@code nowNanos}. */
  RatePacer(long bytesPerSecond, long nowNanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.lastNanos = nowNanos;
    this.burst = bytesPerSecond * BURST_NANOS;
  }

  /** How many nanoseconds until a frame may be sent; 0 if now. */
  long waitNanos(long nowNanos) {
    if (bytesPerSecond == 0) {
      return 0;
    }
    long passed = nowNanos - lastNanos;
    lastNanos = nowNanos;
    // Beyond this the bucket is full whatever it held; keeps the product within 63 bits.
    long fills = (burst - balance) / bytesPerSecond + 1;
    balance = passed >= fills ? burst : balance + passed * bytesPerSecond;
    return balance >= 0 ? 0 : (-balance + bytesPerSecond - 1) / bytesPerSecond;
  }

  /** Notes that {@code bytes} were sent. */
  void spent(int bytes) {
    if (bytesPerSecond != 0) {
      balance -= bytes * 1_000_000_000L;
    }
  }
}
