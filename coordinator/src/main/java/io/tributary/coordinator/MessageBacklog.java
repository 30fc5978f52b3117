package io.tributary.coordinator;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.LinkSettings;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the messages that wait for the run's thread, and bounds those of each agent: one that
 * sends faster than they can be read makes its own link end. Safe for any thread.
 */
final class MessageBacklog {
  /** What a message takes beside its bytes, about. */
  private static final int OVERHEAD = 256;

  private final AtomicLong all = new AtomicLong();

  /** The messages of one link. */
  final class OfLink {
    private final AtomicLong waiting = new AtomicLong();

    /**
     * Counts a message that is to wait. One is always let through.
     *
     * @throws TributaryException {@code LIMIT_EXCEEDED} if more than {@link
     *     LinkSettings#MESSAGE_QUEUE_BYTES} would wait
     */
    void add(int length) {
      long bytes = OVERHEAD + (long) length;
      long now = waiting.addAndGet(bytes);
      all.addAndGet(bytes);
      long most = LinkSettings.MESSAGE_QUEUE_BYTES.get();
      if (now > most && now != bytes) {
        remove(length);
        throw new TributaryException(
            ErrorCode.LIMIT_EXCEEDED,
            "messages that wait for the run: expected at most "
                + most
                + " bytes of one agent ("
                + LinkSettings.MESSAGE_QUEUE_BYTES.property()
                + "), found "
                + now);
      }
    }

    /** A message is about to be read. */
    void remove(int length) {
      long bytes = OVERHEAD + (long) length;
      waiting.addAndGet(-bytes);
      all.addAndGet(-bytes);
    }
  }

  /** The bytes of all links' messages. */
  long bytes() {
    return all.get();
  }
}
