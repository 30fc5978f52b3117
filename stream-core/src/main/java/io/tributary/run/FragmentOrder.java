package io.tributary.run;

/** Which layers of a model form a fragment together (section 3.1 of arXiv 2501.18512). */
public enum FragmentOrder {
  /** Layer {@code l} goes to fragment {@code l mod P}. */
  STRIDED,
  /** Neighbouring layers go together: with 6 layers and P = 2, layers 0 to 2 and 3 to 5. */
  SEQUENTIAL
}
