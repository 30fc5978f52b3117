package io.tributary.link;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes that a server holds of all streams between two agents, and bounds them.
 *
 * <p>Above half of the limit no credit is passed on, so that nothing more is asked for until
 * receivers have taken what there is; a frame beyond the limit ends its stream. Safe for any
 * thread.
 */
public final class RelayGauge {
  private final HeldBytes held;
  private final AtomicLong passed = new AtomicLong();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  /**
   * A gauge at zero.
   *
   * @param limit the most bytes to be held, at least 1
   */
  public RelayGauge(long limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit of " + limit + " bytes");
    }
    held = new HeldBytes(limit);
  }

  /** The most bytes to be held. */
  public long limit() {
    return held.limit();
  }

  /** The bytes that are held now. */
  public long held() {
    return held.now();
  }

  /** The most bytes that were held at any time. */
  public long peak() {
    return held.peak();
  }

  /** The bytes that were passed on since the beginning, headers included. */
  public long passed() {
    return passed.get();
  }

  /** Counts bytes that came; false, and nothing counted, if they are beyond the limit. */
  boolean take(int bytes) {
    return held.take(bytes);
  }

  /** Counts bytes that left for the far agent. */
  void pass(int bytes) {
    passed.addAndGet(bytes);
    drop(bytes);
  }

  /** Counts bytes that nobody wants any more. */
  void drop(int bytes) {
    held.drop(bytes);
    while (hasRoom()) {
      Runnable next = waiting.poll();
      if (next == null) {
        return;
      }
      next.run();
    }
  }

  /** Whether credit may be passed on. */
  boolean hasRoom() {
    return held.hasRoom();
  }

  /** Calls back, on any thread, when there may be room. */
  void whenRoom(Runnable then) {
    waiting.add(then);
    drop(0); // what was held may have left since the caller looked
  }
}
