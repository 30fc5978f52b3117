package io.tributary.codecs.topk;

import static io.tributary.codecs.topk.TopkKernel.MAGNITUDE;
import static io.tributary.codecs.topk.TopkLayout.BLOCK;

/** Finds the largest magnitudes of a block. Belongs to one thread. */
final class TopkSelector {
  private static final int INFINITY = 0x7F80_0000;
  private static final int FEWEST_GROUPS = 64;

  /** So many groups for each value kept leave few more values than that above the bound. */
  private static final int GROUPS_FOR_ONE = 3;

  /** One in so many may be collected in vain. */
  private static final int SLACK = 8;

  /** Two octaves below the largest pattern the search begins. */
  private static final int COMMON_RANGE = 2 << 23;

  private final int[] patterns = new int[BLOCK];

  /** The indices of the kept values, rising; after {@link #select}. */
  final int[] indices = new int[BLOCK];

  /** The patterns of the smallest and the largest kept magnitude. */
  int smallestPattern;

  int largestPattern;

  /**
   * Selects {@code kept} of {@code count} values.
   *
   * @return whether all values are finite; if not, nothing is selected
   */
  boolean select(TopkKernel kernel, float[] source, int from, int count, int kept) {
    int bound = 0;
    int groups = groups(kept);
    if (count == BLOCK && groups < BLOCK) {
      kernel.largest(source, from, groups, patterns);
      bound = bound(patterns, groups, kept, kept / SLACK);
    }
    int found = kernel.collect(source, from, count, bound, indices);
    for (int i = 0; i < found; i++) {
      patterns[i] = Float.floatToRawIntBits(source[from + indices[i]]) & MAGNITUDE;
    }
    keep(found, kept, bound(patterns, found, kept, 0));
    return largestPattern < INFINITY;
  }

  private static int groups(int kept) {
    int groups = FEWEST_GROUPS;
    while (groups < GROUPS_FOR_ONE * kept && groups < BLOCK) {
      groups *= 2;
    }
    return groups;
  }

  /** Drops what lies below a bound, and of the values equal to it those that come last. */
  private void keep(int found, int kept, int bound) {
    int equals = kept - reaching(patterns, found, bound + 1);
    int next = 0;
    smallestPattern = Integer.MAX_VALUE;
    largestPattern = 0;
    for (int i = 0; i < found; i++) {
      if (patterns[i] > bound || (patterns[i] == bound && equals-- > 0)) {
        smallestPattern = Math.min(smallestPattern, patterns[i]);
        largestPattern = Math.max(largestPattern, patterns[i]);
        indices[next++] = indices[i];
      }
    }
  }

  /**
   * The bound that so many patterns reach, found by halving; every turn is a pass without jumps.
   *
   * @param slack how many more may reach it
   * @return the largest bound that at least {@code kept} reach, or one that hardly more do
   */
  private static int bound(int[] patterns, int count, int kept, int slack) {
    int above = 0;
    for (int i = 0; i < count; i++) {
      above = Math.max(above, patterns[i]);
    }
    int bound = Math.max(0, above - COMMON_RANGE);
    above++;
    if (reaching(patterns, count, bound) < kept) {
      above = bound;
      bound = 0;
    }
    while (above - bound > 1) {
      int middle = (bound + above) >>> 1;
      int found = reaching(patterns, count, middle);
      if (found >= kept) {
        bound = middle;
        if (found <= kept + slack) {
          break;
        }
      } else {
        above = middle;
      }
    }
    return bound;
  }

  private static int reaching(int[] patterns, int count, int bound) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      found += (bound - 1 - patterns[i]) >>> 31;
    }
    return found;
  }
}
