package io.tributary.coordinator.guard;

import java.util.List;

/** Leaves whole contributions out. Immutable, safe for any thread. */
sealed interface ContributionFilter permits SpectralFilter, KrumFilter {
  /**
   * Who is left out.
   *
   * @param products of three contributions or more
   * @return some of them, not all, by rising index
   */
  List<Guard.Exclusion> exclude(Products products);
}
