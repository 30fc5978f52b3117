package io.tributary.coordinator.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one browser is told: server-sent events whose data is a JSON array of the history's entries
 * in order. The browser repeats the last message's id when it connects again, and then hears only
 * what is new; if the id is of another coordinator process, it hears everything, after an object
 * {@code {"event": "history"}} that bids it to forget.
 *
 * <p>Confined to one thread at a time.
 */
final class EventFeed {
  /** Entries in one message: some 32 kB, so that one message in flight binds little memory. */
  private static final int MOST_ENTRIES = 256;

  /** Silence after which a comment is sent, to notice a browser that has gone. */
  private static final long QUIET_MILLIS = 10_000;

  private static final int RETRY_MILLIS = 1_500;

  private final RunHistory history;
  private final String name;
  private long told;
  private boolean anew;
  private long spokeAt;

  /**
   * The feed for a browser.
   *
   * @param name of this process's history, unlike that of any other process
   * @param lastEventId the id of the last message that the browser has, or null
   */
  EventFeed(RunHistory history, String name, @Nullable String lastEventId) {
    this.history = history;
    this.name = name;
    told = sequenceOf(lastEventId);
    anew = told < 0;
    told = Math.max(told, 0);
    spokeAt = history.now();
  }

  /** The place that an id names in this history, or -1 if it is of another, or no id of ours. */
  private long sequenceOf(@Nullable String id) {
    if (id == null || !id.startsWith(name + "-")) {
      return -1;
    }
    try {
      long sequence = Long.parseLong(id.substring(name.length() + 1));
      return sequence <= history.last() ? sequence : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** The next message, or null if there is nothing to say. */
  @Nullable String next() {
    List<HistoryEntry> entries = history.after(told, MOST_ENTRIES);
    long now = history.now();
    if (entries.isEmpty() && !anew) {
      if (now - spokeAt < QUIET_MILLIS) {
        return null;
      }
      spokeAt = now;
      return ":\n\n";
    }
    spokeAt = now;
    String head = "";
    if (anew) {
      anew = false;
      head =
          JsonNodeFactory.instance.objectNode().put("event", "history").put("now", now).toString();
      if (!entries.isEmpty()) {
        head += ",";
      }
    }
    if (!entries.isEmpty()) {
      told = entries.get(entries.size() - 1).sequence();
    }
    String data = entries.stream().map(HistoryEntry::json).collect(Collectors.joining(","));
    return "retry: "
        + RETRY_MILLIS
        + "\nid: "
        + name
        + "-"
        + told
        + "\ndata: ["
        + head
        + data
        + "]\n\n";
  }

  /** Whether the browser has been told all that has happened so far. */
  boolean complete() {
    return !anew && told >= history.last();
  }
}
