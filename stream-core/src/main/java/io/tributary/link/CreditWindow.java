package io.tributary.link;

/**
 * The receiver's side of a stream's credit: turns demand into grants and sees that the sender keeps
 * to them. Counts chunks of one connection.
 */
final class CreditWindow {
  private final long mostUseful;
  private long granted;
  private long demanded;
  private long taken;

  /**
   * A window in which {@code initialCredit} chunks are granted from the start.
   *
   * @param mostUseful the chunks that the stream still has; more are never granted
   */
  CreditWindow(int initialCredit, int mostUseful) {
    this.granted = initialCredit;
    this.mostUseful = mostUseful;
  }

  /** Notes a demand for {@code chunks} more and returns how many to grant now, 0 or more. */
  int demand(long chunks) {
    demanded = Math.min(mostUseful, demanded + Math.min(chunks, mostUseful));
    long more = Math.max(0, demanded - granted);
    granted += more;
    return (int) more;
  }

  /** The demand without which no chunk more is granted. */
  long untilNext() {
    return granted - demanded + 1;
  }

  /** Whether the sender has begun all that was granted. */
  boolean isUsedUp() {
    return taken >= granted;
  }

  /** Notes that the sender began a chunk; false if that was more than granted. */
  boolean take() {
    return ++taken <= granted;
  }

  long granted() {
    return granted;
  }
}
