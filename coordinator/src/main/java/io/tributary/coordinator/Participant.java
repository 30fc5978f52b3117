package io.tributary.coordinator;

import io.tributary.link.Link;
import io.tributary.liveness.MeasuredDeadline;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One place in the run: its agent's connection, if there is one, and how long it is waited for when
 * nothing is heard of it.
 *
 * <p>Two things are measured. At work, the longest gap between two signs of its worker, in each
 * stretch from one version to the next: what comes once in a round, such as saving a state, counts
 * like what comes with each step. Away, the time from its last sign to the next, and what its
 * process says that it took to start: JOIN alone is no sign, or one that crashes again and again
 * would be waited for without end. Confined to the run's thread.
 */
final class Participant {
  private final int index;
  private final MeasuredDeadline betweenSigns;
  private final MeasuredDeadline untilBack;
  private String name;
  private @Nullable Link link;
  private long heardAt;
  private long workedAt;
  private long leftAt;
  private long newWorkAt;
  private long connectedAt;
  private long backAt;
  private long startNanos;
  private long longestGap;
  private boolean everJoined;
  private boolean atWork;
  private boolean waits;
  private boolean finished;

  /**
   * A place whose agent isn't connected.
   *
   * @param agent its name, or null if the place isn't taken
   * @param patience how many times the usual it is waited for
   */
  Participant(int index, @Nullable String agent, double patience, long now) {
    this.index = index;
    name = agent == null ? "agent #" + (index + 1) : agent;
    everJoined = agent != null;
    betweenSigns = MeasuredDeadline.ofPeer(patience);
    untilBack = MeasuredDeadline.ofPeer(patience);
    heardAt = now;
    newWorkAt = now;
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

  /**
   * Its agent has joined.
   *
   * @param startMillis what its process says that it took until it was ready to connect; any number
   */
  void connected(String agent, Link newLink, long startMillis, long now) {
    leftAt = everJoined ? heardAt : now;
    name = agent;
    everJoined = true;
    link = newLink;
    atWork = false;
    waits = false;
    connectedAt = now;
    startNanos = MeasuredDeadline.claimedNanos(startMillis);
  }

  void disconnected() {
    link = null;
    atWork = false;
    waits = false;
  }

  /** Whether its worker has given a sign on the connection that there is. */
  boolean isAtWork() {
    return atWork;
  }

  /** When it was back at work. */
  long backAt() {
    return backAt;
  }

  /** Bytes of a contribution have come: work, but not a sign that its worker lives. */
  void received(long now) {
    heardAt = now;
  }

  /** Its worker has said something. */
  void worked(long now) {
    if (atWork) {
      longestGap = Math.max(longestGap, now - workedAt);
    } else {
      atWork = true;
      backAt = now;
      untilBack.took(Math.max(now - leftAt, startNanos + now - connectedAt));
    }
    waits = false;
    workedAt = now;
    heardAt = now;
  }

  /** Its worker has said that it waits for a version. */
  void waits(long now) {
    worked(now);
    waits = true;
  }

  /**
   * A version was made, which ends a stretch.
   *
   * @param contributed whether its contribution went in: it may have waited for the others since,
   *     and now has something to do
   */
  void versionMade(boolean contributed, long now) {
    if (contributed) {
      newWorkAt = now;
    }
    if (longestGap > 0) {
      betweenSigns.took(longestGap);
      longestGap = 0;
    }
  }

  /** Whether it has confirmed the last version of everything. */
  boolean finished() {
    return finished;
  }

  void finish() {
    finished = true;
  }

  /** Whether nothing says that it trains: no sign for so long, or that it waits itself. */
  boolean isIdle(Duration silence, long now) {
    return waits || now - heardAt >= silence.toNanos();
  }

  /**
   * What is known of one whose contribution is waited for, in the form {@code NAME: WHAT}.
   *
   * @param held what is here of the contribution, or null
   */
  String waitedFor(long now, @Nullable Contribution held) {
    return String.format(
        Locale.ROOT,
        "%s: %s for %.1f s, %s%s",
        name,
        link == null ? state() : "nothing received",
        (now - heardAt) / 1e9,
        link == null ? "" : waits ? "it waits for a version itself, " : "its link is up, ",
        held == null ? "nothing of it is here" : held.extent());
  }

  /** Why a round may go on without this participant, or null while it is waited for. */
  @Nullable String lapsedBecause(long now) {
    MeasuredDeadline allowed = allowed();
    long silent = now - Math.max(heardAt, newWorkAt);
    return silent < allowed.nanos()
        ? null
        : String.format(
            Locale.ROOT,
            "%s: %s for %.1f s; allowed: %s %s",
            name,
            state(),
            silent / 1e9,
            allowed,
            atWork ? "between signs" : "to be back");
  }

  /** How long it is waited for from its last sign on. */
  MeasuredDeadline allowed() {
    return atWork ? betweenSigns : untilBack;
  }

  private String state() {
    if (link != null) {
      return atWork ? "connected, but no sign of work" : "connected, but not at work yet";
    }
    return everJoined ? "disconnected" : "never joined";
  }
}
