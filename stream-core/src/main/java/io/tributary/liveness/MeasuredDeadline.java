package io.tributary.liveness;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long something may take: a multiple of what it usually takes, which is measured. Usual is the
 * 0.9 quantile, by nearest rank, of the last 16 measurements; with fewer than 10 that is the
 * longest.
 *
 * <p>What took longer than was allowed counts as what was allowed, so one odd measurement lengthens
 * the deadline by the multiple at most, and none beyond the longest.
 *
 * <p>Confined to one thread at a time.
 */
public final class MeasuredDeadline {
  private static final int REMEMBERED = 16;
  private static final double QUANTILE = 0.9;

  /** A process that loads an engine, or a step of a large model, before anything is measured. */
  private static final Duration FIRST_OF_A_PEER = Duration.ofSeconds(15);

  /** Below it, what looks late is a whim of schedulers and collectors. */
  private static final Duration LEAST_OF_A_PEER = Duration.ofSeconds(5);

  private static final Duration MOST_OF_A_PEER = Duration.ofHours(1);

  private final double patience;
  private final long first;
  private final long least;
  private final long most;
  private final long[] measured = new long[REMEMBERED];
  private int measurements;

  /**
   * A deadline for what wasn't measured yet.
   *
   * @param patience the multiple, 1 or more
   * @param first what is taken as usual until something is measured
   * @param least below this, what looks late is a whim of schedulers and collectors
   * @param most no measurement makes the deadline longer than this
   */
  public MeasuredDeadline(double patience, Duration first, Duration least, Duration most) {
    this.patience = patience;
    this.first = first.toNanos();
    this.least = least.toNanos();
    this.most = most.toNanos();
  }

  /**
   * A deadline for a peer that trains: for its next sign, or for being back.
   *
   * @param patience the multiple, 1 or more
   */
  public static MeasuredDeadline ofPeer(double patience) {
    return new MeasuredDeadline(patience, FIRST_OF_A_PEER, LEAST_OF_A_PEER, MOST_OF_A_PEER);
  }

  /**
   * What a peer says that its start took, in nanoseconds.
   *
   * @param millis as it came from the peer: any number; taken as one from 0 to an hour
   */
  public static long claimedNanos(long millis) {
    long within = Math.max(0, Math.min(millis, MOST_OF_A_PEER.toMillis()));
    return TimeUnit.MILLISECONDS.toNanos(within);
  }

  /** It took so many nanoseconds. */
  public void took(long nanos) {
    measured[measurements % REMEMBERED] = Math.max(0, Math.min(nanos, nanos()));
    // Stays small, and remembers that the ring is full.
    measurements = measurements + 1 == 2 * REMEMBERED ? REMEMBERED : measurements + 1;
  }

  /** What it may take, in nanoseconds. */
  public long nanos() {
    double wanted = patience * usualNanos();
    return wanted < least ? least : wanted > most ? most : (long) wanted;
  }

  /** What it usually takes, or the first guess, in nanoseconds. */
  public long usualNanos() {
    if (measurements == 0) {
      return first;
    }
    long[] known = Arrays.copyOf(measured, Math.min(measurements, REMEMBERED));
    Arrays.sort(known);
    return known[(int) Math.ceil(QUANTILE * known.length) - 1];
  }

  /** In words: {@code 12.0 s, 4 times the usual 3.0 s}. */
  @Override
  public String toString() {
    double allowed = patience * usualNanos();
    String why =
        measurements == 0
            ? "the first guess"
            : String.format(
                Locale.ROOT,
                "%s times the usual %.1f s%s",
                patience == Math.rint(patience) ? "" + (long) patience : "" + patience,
                usualNanos() / 1e9,
                allowed < least ? " being less" : allowed > most ? " being more" : "");
    return String.format(Locale.ROOT, "%.1f s, %s", nanos() / 1e9, why);
  }
}
