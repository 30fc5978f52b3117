package io.tributary.weights.token;

import java.util.OptionalInt;

/** A vocabulary, and how a text is said in it. Safe for any thread. */
public interface Tokenizer {
  /** The number of different tokens. */
  int vocabulary();

  /** The token with which every text of its own begins, if there is one. */
  OptionalInt beginning();

  /** The token with which every text of its own ends, if there is one. */
  default OptionalInt end() {
    return OptionalInt.empty();
  }

  /** The token that hides another one, if there is one. */
  default OptionalInt mask() {
    return OptionalInt.empty();
  }

  /** The token of words that the vocabulary can't say, if there is one. */
  default OptionalInt unknown() {
    return OptionalInt.empty();
  }

  /** A text's tokens, without {@link #beginning} and {@link #end}. */
  int[] encode(String text);

  /**
   * The text of tokens; what is no text by itself becomes the replacement character.
   *
   * @throws IndexOutOfBoundsException for a number that is no token
   */
  String decode(int... tokens);
}
