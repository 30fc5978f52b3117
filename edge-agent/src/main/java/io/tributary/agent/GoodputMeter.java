package io.tributary.agent;

/**
 * How fast contributions land: bytes by the time from their begin, or from the landing of the one
 * before, to the coordinator's word that they are durable. What a link promises doesn't count.
 *
 * <p>Guarded by its user.
 */
final class GoodputMeter {
  /** The weight of the latest contribution in the mean. */
  private static final double NEWEST = 0.5;

  private int underWay;
  private long since;
  private double bytesPerSecond;

  /** A contribution begins at a moment of {@link System#nanoTime}. */
  void began(long now) {
    if (underWay++ == 0) {
      since = now;
    }
  }

  /** A contribution of so many bytes has landed. */
  void landed(long bytes, long now) {
    if (underWay == 0) {
      return; // it began on a connection that has ended
    }
    underWay--;
    double rate = bytes * 1e9 / Math.max(1, now - since);
    bytesPerSecond = bytesPerSecond == 0 ? rate : NEWEST * rate + (1 - NEWEST) * bytesPerSecond;
    since = now;
  }

  /** A contribution has ended otherwise. */
  void failed(long now) {
    underWay = Math.max(0, underWay - 1);
    since = now;
  }

  /** The connection has ended, and everything with it. */
  void lost() {
    underWay = 0;
  }

  /** Bytes a second, 0 as long as nothing has landed. */
  double bytesPerSecond() {
    return bytesPerSecond;
  }
}
