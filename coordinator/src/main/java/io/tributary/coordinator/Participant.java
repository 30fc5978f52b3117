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
  private long connectedAt;
  private boolean everJoined;
  private boolean finished;

  /**
   * A place whose agent isn't connected.
   *
   * @param agent its name, or null if the place isn't taken
   */
  Participant(int index, @Nullable String agent, long now) {
    this.index = index;
    name = agent == null ? "agent #" + (index + 1) : agent;
    everJoined = agent != null;
    heardAt = now;
    connectedAt = now;
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
    everJoined = true;
    link = newLink;
    heardAt = now;
    connectedAt = now;
  }

  void disconnected(long now) {
    link = null;
    heardAt = now;
  }

  /** When its connection began, or its place, if it never had one. */
  long connectedAt() {
    return connectedAt;
  }

  /** A sign of work: a chunk, a message. */
  void heard(long now) {
    heardAt = now;
  }

  /** Whether it has confirmed the last version of everything. */
  boolean finished() {
    return finished;
  }

  void finish() {
    finished = true;
  }

  /** Nanoseconds since a sign of work. */
  long silence(long now) {
    return now - heardAt;
  }

  /**
   * What is known of one whose contribution is waited for, in the form {@code NAME: WHAT}.
   *
   * @param held what is here of the contribution, or null
   */
  String waitedFor(long now, @Nullable Contribution held) {
    String extent = held == null ? "nothing of it is here" : held.extent();
    return link == null
        ? missingBecause(now) + ", " + extent
        : String.format(
            Locale.ROOT,
            "%s: nothing received for %.1f s, its link is up, %s",
            name,
            silence(now) / 1e9,
            extent);
  }

  /** Why nothing came, in the form {@code NAME: REASON}. */
  String missingBecause(long now) {
    String what =
        link != null ? "connected, but no progress" : everJoined ? "disconnected" : "never joined";
    double silent = (now - heardAt) / 1e9;
    return String.format(Locale.ROOT, "%s: %s for %.1f s", name, what, silent);
  }

  /** Why a round may go on without this participant, or null while patience lasts. */
  @Nullable String lapsedBecause(long now, Duration patience) {
    return now - heardAt < patience.toNanos() ? null : missingBecause(now);
  }
}
