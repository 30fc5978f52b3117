package io.tributary.weights.model;

import java.util.Arrays;

/**
 * A sequence for one pass through a model, and what should be predicted in it.
 *
 * @param tokens that are passed through
 * @param targets the token that should be predicted at each position, or {@link #NOTHING}; as many
 */
@SuppressWarnings("ArrayRecordComponent") // read alone, never compared
public record TokenWindow(int[] tokens, int[] targets) {
  /** The target of a position that isn't judged. */
  public static final int NOTHING = -1;

  /** Checks the lengths. */
  public TokenWindow {
    if (tokens.length != targets.length) {
      throw new IllegalArgumentException(
          targets.length + " targets for " + tokens.length + " tokens");
    }
  }

  /**
   * A sequence, two tokens at least, of which all but the first are predicted from those before.
   */
  public static TokenWindow ofNext(int... sequence) {
    int last = sequence.length - 1;
    return new TokenWindow(
        Arrays.copyOf(sequence, last), Arrays.copyOfRange(sequence, 1, last + 1));
  }

  /** A sequence in which a mask hides the tokens at some positions, which are predicted. */
  public static TokenWindow ofMasked(int[] sequence, int mask, int... positions) {
    int[] tokens = sequence.clone();
    var targets = new int[sequence.length];
    Arrays.fill(targets, NOTHING);
    for (int position : positions) {
      targets[position] = sequence[position];
      tokens[position] = mask;
    }
    return new TokenWindow(tokens, targets);
  }
}
