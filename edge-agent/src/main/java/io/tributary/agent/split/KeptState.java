package io.tributary.agent.split;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A state that an end of a cut has kept.
 *
 * @param step of the server, behind which it was; 0 before the first
 * @param branch another one after each time that the ends met to begin or to go back: states of one
 *     step are alike only if they are of one branch. At step 0 all are
 */
record KeptState(int step, long branch) {
  /** Where every run begins, whether it was kept or not. */
  static final KeptState BEGINNING = new KeptState(0, 0);

  private boolean isLike(KeptState other) {
    return step == other.step && (step == 0 || branch == other.branch);
  }

  /** The latest state that all ends have; an end that has kept nothing is at the beginning. */
  static Optional<KeptState> latestCommon(List<KeptState> ours, List<List<KeptState>> others) {
    return orBeginning(ours).stream()
        .filter(state -> others.stream().allMatch(theirs -> has(theirs, state)))
        .max(Comparator.comparingInt(KeptState::step));
  }

  private static boolean has(List<KeptState> theirs, KeptState state) {
    return orBeginning(theirs).stream().anyMatch(state::isLike);
  }

  private static List<KeptState> orBeginning(List<KeptState> kept) {
    return kept.isEmpty() ? List.of(BEGINNING) : kept;
  }
}
