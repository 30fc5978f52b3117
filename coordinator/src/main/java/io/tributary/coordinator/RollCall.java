package io.tributary.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has answered in a round, who is waited for, and who no longer is, and why. With all agents as
 * the quorum everybody is waited for. Confined to the run's thread.
 */
final class RollCall {
  /**
   * The state of a round.
   *
   * @param present whose contribution is here, in the participants' order
   * @param refused how many brought values that can't be used
   * @param exclusions who isn't waited for, in the form {@code NAME: REASON}
   * @param waits whether somebody is still waited for
   */
  record Roll(List<Integer> present, int refused, List<String> exclusions, boolean waits) {}

  private final List<Participant> participants;
  private final int quorum;
  private final RoundDeadline deadline;

  RollCall(List<Participant> participants, int quorum, RoundDeadline deadline) {
    this.participants = participants;
    this.quorum = quorum;
    this.deadline = deadline;
  }

  /** Calls the roll of a fragment's next version. */
  Roll of(int fragment, Map<Integer, Contribution> round, long now) {
    var present = new ArrayList<Integer>();
    var missing = new ArrayList<Participant>();
    var exclusions = new ArrayList<String>();
    int refused = 0;
    for (Participant participant : participants) {
      String refusal = refusalOf(round, participant);
      if (hasContributed(round, participant)) {
        present.add(participant.index());
      } else if (refusal != null) {
        refused++;
        exclusions.add(participant.name() + ": " + refusal);
      } else {
        missing.add(participant);
      }
    }
    if (present.size() + refused >= quorum) {
      deadline.quorum(fragment, now);
    }
    boolean waits = false;
    for (Participant participant : missing) {
      String reason = participant.lapsedBecause(now);
      if (reason == null && participant.isAtWork()) {
        Contribution held = round.get(participant.index());
        reason = deadline.overBecause(participant, held, fragment, now);
      }
      if (reason == null) {
        waits = true;
      } else {
        exclusions.add(reason);
      }
    }
    return new Roll(present, refused, exclusions, waits);
  }

  /** A fragment's next version is made of the contributions that were present. */
  void made(int fragment, List<Integer> present, long now) {
    deadline.made(fragment, now);
    for (Participant participant : participants) {
      participant.versionMade(present.contains(participant.index()), now);
    }
  }

  /** Whether a round may be made with so many answers. */
  boolean isQuorum(Roll roll) {
    return !roll.present().isEmpty() && roll.present().size() + roll.refused() >= quorum;
  }

  private static @Nullable String refusalOf(
      Map<Integer, Contribution> round, Participant participant) {
    Contribution contribution = round.get(participant.index());
    return contribution == null ? null : contribution.refusal();
  }

  private static boolean hasContributed(Map<Integer, Contribution> round, Participant participant) {
    Contribution contribution = round.get(participant.index());
    return contribution != null && contribution.isComplete();
  }
}
