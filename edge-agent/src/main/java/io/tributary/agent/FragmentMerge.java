package io.tributary.agent;

import io.tributary.run.Fragment;
import org.jspecify.annotations.Nullable;

/**
 * How the outer parameters come into the local values: the agent's half of the outer optimizer. θ
 * itself, which every process holds in the same bits, is never touched.
 *
 * <p>Used by the worker's thread.
 */
interface FragmentMerge {
  /** A contribution was cut; its aggregate comes later. */
  void cut(Fragment fragment, PendingContribution own);

  /**
   * An aggregate is about to be applied to θ.
   *
   * @param own this agent's contribution to it, or null if it made none
   * @return what is to be done when θ has changed
   */
  Runnable applying(Fragment fragment, @Nullable PendingContribution own);
}
