package io.tributary.agent;

import io.tributary.agent.trainer.Trainer;
import io.tributary.run.Fragment;
import io.tributary.run.OuterParameters;
import io.tributary.run.TensorSlice;
import org.jspecify.annotations.Nullable;

/**
 * Streaming DiLoCo's merge (Douillard et al., arXiv 2501.18512, algorithm 2): when the aggregate is
 * there, {@code local ← alpha local + (1 - alpha) θ}. A local value that isn't finite is lost; the
 * outer one takes its place.
 */
final class LateMerge implements FragmentMerge {
  private final OuterParameters theta;
  private final Trainer trainer;
  private final float alpha;

  LateMerge(OuterParameters theta, Trainer trainer, float alpha) {
    this.theta = theta;
    this.trainer = trainer;
    this.alpha = alpha;
  }

  /** Nothing: training goes on where it is. */
  @Override
  public void cut(Fragment fragment, PendingContribution own) {}

  @Override
  public Runnable applying(Fragment fragment, @Nullable PendingContribution own) {
    return () -> merge(fragment);
  }

  private void merge(Fragment fragment) {
    float beta = 1 - alpha;
    for (TensorSlice slice : fragment.slices()) {
      float[] outer = theta.tensor(slice.tensor());
      var local = new float[outer.length];
      trainer.read(slice.tensor(), local, 0);
      for (int i = slice.first(); i < slice.first() + slice.count(); i++) {
        local[i] = Float.isFinite(local[i]) ? alpha * local[i] + beta * outer[i] : outer[i];
      }
      trainer.write(slice.tensor(), local, 0);
    }
  }
}
