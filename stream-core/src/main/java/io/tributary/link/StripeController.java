package io.tributary.link;

/**
 * Chooses how many connections a link should have, by what they gain.
 *
 * <p>While the link is busy all the time, it measures bytes a second until two intervals in a row
 * agree, wants twice as many connections, leaves them an interval to find their pace, and measures
 * again. It keeps them if the slower interval is a tenth faster than the faster one before, and
 * tries twice as many again; otherwise it goes back to what there was and asks again after a pause,
 * which doubles from a minute to sixteen. Any pause in the traffic begins the measurement anew.
 *
 * <p>An interval is a second, or eight round trips if that is longer, but no more than two seconds:
 * on a busy link a round trip is mostly the time in queues, and a new connection needs about ten
 * without them to open its window.
 */
final class StripeController {
  /** What keeps more connections. */
  static final double GAIN = 1.1;

  static final long LEAST_INTERVAL_NANOS = 1_000_000_000L;
  static final long LONGEST_INTERVAL_NANOS = 2 * LEAST_INTERVAL_NANOS;
  static final int ROUND_TRIPS = 8;
  static final long FIRST_PAUSE_NANOS = 60_000_000_000L;
  static final long LONGEST_PAUSE_NANOS = 16 * FIRST_PAUSE_NANOS;

  /** Fewer bytes from one look to the next are no traffic: PINGs and credits alone. */
  static final long BUSY_BYTES = 1024;

  /** Rates that never agree are taken as they are after so many intervals. */
  static final int MOST_INTERVALS = 5;

  private final StripeRange range;
  private final boolean fixed;
  private int wanted;

  /** What there was before what is tried now; 0 if nothing is. */
  private int fallBack;

  private long intervalNanos = LEAST_INTERVAL_NANOS;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private long notBefore;

  /** Intervals measured; negative in the one that doesn't count. */
  private int measured;

  /** The rates of the last two intervals. */
  private double rate;

  private double rateBefore;

  /** The rate that more connections have to exceed. */
  private double baseline;

  private long windowNanos;
  private long windowBytes;
  private long lastBytes;

  /**
   * A controller at the beginning of a link.
   *
   * @param fixed whether it is to try nothing beyond what the range begins with
   */
  StripeController(StripeRange range, boolean fixed, long nowNanos) {
    this.range = range;
    this.fixed = fixed;
    this.wanted = range.least();
    this.notBefore = nowNanos;
    measureAnew(nowNanos, 0);
  }

  /** The connections that the link should have. */
  int wanted() {
    return wanted;
  }

  /** A round trip took so long. */
  void roundTrip(long nanos) {
    intervalNanos =
        Math.min(LONGEST_INTERVAL_NANOS, Math.max(LEAST_INTERVAL_NANOS, ROUND_TRIPS * nanos));
  }

  /**
   * A connection can't be had now.
   *
   * @param had the connections that there are or that have been granted
   */
  void refused(long nowNanos, int had) {
    wanted = Math.min(wanted, had);
    fallBack = 0;
    // Refusals of connections that were asked for together are one.
    if (nowNanos - notBefore >= 0) {
      waitUntilNextTry(nowNanos);
    }
  }

  /**
   * Looks at the link; a few times in each interval.
   *
   * @param bytes what has passed since the beginning, both ways
   * @param full whether bytes wait for room: a system takes many at once, and then none for a while
   * @param open the connections that there are
   */
  void look(long nowNanos, long bytes, boolean full, int open) {
    boolean busy = full || bytes - lastBytes >= BUSY_BYTES;
    lastBytes = bytes;
    if (open != wanted || !busy) {
      measureAnew(nowNanos, bytes);
      if (open == wanted && wanted < range.least() && nowNanos - notBefore >= 0) {
        wanted = range.least();
      }
      return;
    }
    if (nowNanos - windowNanos < intervalNanos) {
      return;
    }
    rateBefore = rate;
    rate = (bytes - windowBytes) * 1e9 / (nowNanos - windowNanos);
    windowNanos = nowNanos;
    windowBytes = bytes;
    measured++;
    boolean agree = Math.max(rate, rateBefore) <= GAIN * Math.min(rate, rateBefore);
    if (measured >= MOST_INTERVALS || (measured >= 2 && agree)) {
      decide(nowNanos);
      measureAnew(nowNanos, bytes);
    }
  }

  private void decide(long nowNanos) {
    if (fallBack > 0 && Math.min(rate, rateBefore) < GAIN * baseline) {
      wanted = fallBack;
      fallBack = 0;
      waitUntilNextTry(nowNanos);
      return;
    }
    if (fallBack > 0) {
      fallBack = 0;
      pauseNanos = FIRST_PAUSE_NANOS;
    }
    if (!fixed && wanted < range.most() && nowNanos - notBefore >= 0) {
      baseline = Math.max(rate, rateBefore);
      fallBack = wanted;
      wanted = Math.min(range.most(), 2 * wanted);
    }
  }

  private void waitUntilNextTry(long nowNanos) {
    notBefore = nowNanos + pauseNanos;
    pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
  }

  private void measureAnew(long nowNanos, long bytes) {
    windowNanos = nowNanos;
    windowBytes = bytes;
    // The first interval goes into buffers on the way, of the first connection as of a new one.
    measured = -1;
  }
}
