package io.tributary.agent.split;

import io.tributary.liveness.MeasuredDeadline;
import java.util.Locale;

/**
 * How long a server waits for one client: a multiple of what the client usually takes. It is
 * measured in two ways: the longest silence of each of its steps, from what it last said or was
 * told to what it says next, and the time until it works, its process's start among it.
 *
 * <p>A server can't tell a client that is away from one that is slow, since it has no connection of
 * its own to it. So the longer one of the two holds. Outlives the client's processes; confined to
 * the server's thread, whose nanoseconds it is given.
 */
final class ClientPace {
  private final MeasuredDeadline silence;
  private final MeasuredDeadline untilAtWork;
  private long startNanos;
  private long placedAt;
  private long signAt;
  private long longestSilence;
  private boolean everPlaced;
  private boolean atWork;

  /**
   * That of a client that hasn't come yet.
   *
   * @param patience how many times the usual it is waited for, 1 or more
   */
  ClientPace(double patience) {
    silence = MeasuredDeadline.ofPeer(patience);
    untilAtWork = MeasuredDeadline.ofPeer(patience);
  }

  /** The process that was there is told a place again, and begins anew with it. */
  void placedAgain(long now) {
    startNanos = 0;
    placed(now);
    signAt = now;
  }

  /**
   * A process that wasn't there is told its place.
   *
   * @param startMillis what it says that it took until it was ready to connect; any number
   */
  void placed(long startMillis, long now) {
    startNanos = MeasuredDeadline.claimedNanos(startMillis);
    placed(now);
    if (!everPlaced) {
      signAt = now;
    }
    everPlaced = true;
  }

  private void placed(long now) {
    placedAt = now;
    atWork = false;
    longestSilence = 0;
  }

  /**
   * It has said something.
   *
   * @param at when that arrived, which may be before it was told something last
   */
  void heard(long at) {
    if (atWork) {
      longestSilence = Math.max(longestSilence, at - signAt);
    } else {
      atWork = true;
      untilAtWork.took(Math.max(0, Math.max(at - signAt, startNanos + at - placedAt)));
    }
    signAt += Math.max(0, at - signAt);
  }

  /** It was told something, and has something to do. */
  void told(long now) {
    if (atWork) {
      signAt = now;
    }
  }

  /** A step of it is over. */
  void stepEnded() {
    silence.took(longestSilence);
    longestSilence = 0;
  }

  /**
   * Whether it is too late with what the server waits for.
   *
   * @param waitingSince since when the server has waited for it
   */
  boolean isLate(long waitingSince, long now) {
    long allowed = allowed().nanos();
    return now - waitingSince > allowed && now - signAt > allowed && now - placedAt > allowed;
  }

  /** The longer of the two. */
  private MeasuredDeadline allowed() {
    return silence.nanos() > untilAtWork.nanos() ? silence : untilAtWork;
  }

  /** Why it is left out, in words. */
  String lateness(long now) {
    return String.format(
        Locale.ROOT,
        "nothing of it for %.1f s, expected %s within %s",
        (now - signAt) / 1e9,
        allowed() == silence ? "its next part" : "it at work",
        allowed());
  }
}
