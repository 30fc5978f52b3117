package io.tributary.coordinator;

import io.tributary.liveness.MeasuredDeadline;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How long a version that has its quorum waits for agents that are at work but behind: a multiple
 * of what a round takes, which is measured from one version of a fragment to the quorum of its
 * next, so what is waited for doesn't lengthen it. As long as no round is measured nobody is too
 * late, but for a day.
 *
 * <p>The time runs from the round's begin, from the agent's coming back, or from the first bytes of
 * its contribution, whichever is last: a transfer that gets on may take as long as so many rounds.
 * And it isn't over before what a round takes has passed since the quorum, or a round in which all
 * are late would exclude the last at once.
 *
 * <p>An adaptive grace window is Decoupled DiLoCo's way with stragglers (arXiv 2604.21428); this
 * form of it is this project's own. Confined to the run's thread.
 */
final class RoundDeadline {
  /** Below this, what looks like a straggler is a scheduler's whim. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private static final Duration MOST = Duration.ofDays(1);

  private final MeasuredDeadline allowed;
  private final @Nullable Long[] madeAt;
  private final @Nullable Long[] quorumAt;

  /** A deadline for rounds of which none is measured; no constant fits the first. */
  RoundDeadline(double patience, int fragments) {
    allowed = new MeasuredDeadline(patience, MOST, LEAST, MOST);
    madeAt = new @Nullable Long[fragments];
    quorumAt = new @Nullable Long[fragments];
  }

  /** The fragment's next version has its quorum; only the first call for a version counts. */
  void quorum(int fragment, long now) {
    if (quorumAt[fragment] != null) {
      return;
    }
    quorumAt[fragment] = now;
    Long made = madeAt[fragment];
    if (made != null) {
      allowed.took(now - made);
    }
  }

  /** The fragment's next version is made. */
  void made(int fragment, long now) {
    madeAt[fragment] = now;
    quorumAt[fragment] = null;
  }

  /**
   * Why a version may be made without a participant, which is at work, or null if it is waited for.
   *
   * @param held what is here of its contribution, or null
   */
  @Nullable String overBecause(
      Participant participant, @Nullable Contribution held, int fragment, long now) {
    Long quorum = quorumAt[fragment];
    if (quorum == null) {
      return null;
    }
    Long made = madeAt[fragment];
    long begin = Math.max(made == null ? quorum : made, participant.backAt());
    Long firstBytes = held == null ? null : held.begunAt();
    if (firstBytes != null) {
      begin = Math.max(begin, firstBytes);
    }
    boolean over = now - begin >= allowed.nanos() && now - quorum >= allowed.usualNanos();
    return over
        ? String.format(
            Locale.ROOT,
            "%s: at work, but not done after %.1f s; allowed: %s of a round",
            participant.name(),
            (now - begin) / 1e9,
            allowed)
        : null;
  }
}
