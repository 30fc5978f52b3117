package io.tributary.coordinator;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How long a version that has its quorum waits for agents that are at work but behind: a multiple
 * of what a round takes, which is measured. The unit is the median time from one version of a
 * fragment to the quorum of its next, so what is waited for doesn't lengthen it. As long as no
 * round is measured nobody is too late.
 *
 * <p>An adaptive grace window is Decoupled DiLoCo's way with stragglers (arXiv 2604.21428); this
 * form of it is this project's own. Confined to the run's thread.
 */
final class GraceWindow {
  private static final int REMEMBERED = 15;

  /** Below this, what looks like a straggler is a scheduler's whim. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final double rounds;
  private final @Nullable Long[] madeAt;
  private final @Nullable Long[] quorumAt;
  private final long[] measured = new long[REMEMBERED];
  private int measurements;

  /**
   * A window that has measured nothing.
   *
   * @param rounds its length in rounds, above 0
   */
  GraceWindow(double rounds, int fragments) {
    this.rounds = rounds;
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
      measured[measurements++ % REMEMBERED] = now - made;
    }
  }

  /** The fragment's next version is made. */
  void made(int fragment, long now) {
    madeAt[fragment] = now;
    quorumAt[fragment] = null;
  }

  /**
   * Why a version may be made without a participant that is at work, or null if it is waited for.
   */
  @Nullable String overBecause(Participant participant, int fragment, long now) {
    Long quorum = quorumAt[fragment];
    if (quorum == null || measurements == 0) {
      return null;
    }
    long round = median();
    // One that has just come back gets its time from then on.
    long late = now - Math.max(quorum, participant.connectedAt());
    return late < Math.max(LEAST.toNanos(), (long) (rounds * round))
        ? null
        : String.format(
            Locale.ROOT,
            "%s: at work, but %.1f s behind the quorum, where a round takes %.1f s",
            participant.name(),
            late / 1e9,
            round / 1e9);
  }

  private long median() {
    long[] known = Arrays.copyOf(measured, Math.min(measurements, REMEMBERED));
    Arrays.sort(known);
    return known[known.length / 2];
  }
}
