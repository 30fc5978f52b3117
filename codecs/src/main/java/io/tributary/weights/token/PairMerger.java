package io.tributary.weights.token;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes one of two neighbours, the best pair first and of equal ones the leftmost, until no pair is
 * left that may become one. A sequence of n pieces takes a time of n log n.
 */
final class PairMerger {
  private static final int NONE = -1;

  private final Pairs pairs;

  /** What two neighbours become. */
  @FunctionalInterface
  interface Pairs {
    /** What they become, or null if they stay two. */
    @Nullable Union of(int left, int right);
  }

  /**
   * What two neighbours become.
   *
   * @param token the one that replaces them
   * @param rank lower before higher
   */
  record Union(int token, double rank) {}

  /** A pair that may become one, if both are then still what they were. */
  private record Candidate(int at, int left, int right, Union union)
      implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int byRank = Double.compare(union.rank, other.union.rank);
      return byRank != 0 ? byRank : Integer.compare(at, other.at);
    }
  }

  PairMerger(Pairs pairs) {
    this.pairs = pairs;
  }

  /** Merges {@code pieces}, which it changes, and returns what is left. */
  int[] merge(int[] pieces) {
    int count = pieces.length;
    var before = new int[count];
    var behind = new int[count];
    for (int i = 0; i < count; i++) {
      before[i] = i - 1;
      behind[i] = i + 1 < count ? i + 1 : NONE;
    }
    var queue = new PriorityQueue<Candidate>();
    for (int i = 0; i + 1 < count; i++) {
      offer(queue, pieces, i, i + 1);
    }
    int left = count;
    for (Candidate best = queue.poll(); best != null; best = queue.poll()) {
      int at = best.at;
      int next = behind[at];
      if (pieces[at] != best.left || next == NONE || pieces[next] != best.right) {
        continue;
      }
      pieces[at] = best.union.token;
      pieces[next] = NONE;
      behind[at] = behind[next];
      if (behind[at] != NONE) {
        before[behind[at]] = at;
        offer(queue, pieces, at, behind[at]);
      }
      if (before[at] != NONE) {
        offer(queue, pieces, before[at], at);
      }
      left--;
    }
    var merged = new int[left];
    int to = 0;
    for (int piece : pieces) {
      if (piece != NONE) {
        merged[to++] = piece;
      }
    }
    return merged;
  }

  private void offer(PriorityQueue<Candidate> queue, int[] pieces, int at, int next) {
    Union union = pairs.of(pieces[at], pieces[next]);
    if (union != null) {
      queue.add(new Candidate(at, pieces[at], pieces[next], union));
    }
  }
}
