package io.tributary.coordinator;

import io.tributary.link.Link;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One place in the run: its agent's connection, if there is one, and when it was last heard of.
 * Confined to the run's thread.
 */
final class Participant {
  private final int index;
  private String name;
  private @Nullable Link link;
  private long heardAt;
  private boolean finished;

  Participant(int index, long now) {
    this.index = index;
    name = "agent #" + (index + 1) + " (never joined)";
    heardAt = now;
  }

  int index() {
    return index;
  }

  String name() {
    return name;
  }

  @Nullable Link link() {
    return link;
  }

  void connected(String agent, Link newLink, long now) {
    name = agent;
    link = newLink;
    heardAt = now;
  }

  void disconnected(long now) {
    link = null;
    heardAt = now;
  }

  /** A sign of work: a chunk, a message. */
  void heard(long now) {
    heardAt = now;
  }

  boolean finished() {
    return finished;
  }

  void finish() {
    finished = true;
  }

  /** Why a round may go on without this participant, or null while patience lasts. */
  @Nullable String lapsedBecause(long now, Duration patience) {
    Duration silent = Duration.ofNanos(now - heardAt);
    if (silent.compareTo(patience) < 0) {
      return null;
    }
    String what = link == null ? "disconnected" : "connected, but no progress";
    return String.format(Locale.ROOT, "%s: %s for %.1f s", name, what, silent.toMillis() / 1000.0);
  }
}
