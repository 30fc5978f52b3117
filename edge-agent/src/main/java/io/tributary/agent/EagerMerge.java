package io.tributary.agent;

import io.tributary.agent.trainer.Trainer;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.run.EncodedPart;
import io.tributary.run.Fragment;
import io.tributary.run.OuterParameters;
import io.tributary.run.TensorSlice;
import org.jspecify.annotations.Nullable;

/**
 * The merge of eager updates (Kale, Douillard and Donchev, arXiv 2502.12996): an agent applies its
 * own fresh contribution at once, and what the others brought when it comes, a round late.
 *
 * <pre>
 * cut:      e ← g Δ / M            its own part of the change to come, as the others will decode it
 *           local ← alpha local + (1 - alpha) (θ - e)
 * applied:  local ← local + (1 - alpha) (θ - (θ before - e))
 * </pre>
 *
 * So the merge is made at the cut towards an estimate of θ, and mended when θ is known: if nothing
 * was trained between the two, their sum is the late merge. Nothing that is trained between is
 * dropped. The estimate is this agent's alone; θ is not touched.
 */
final class EagerMerge implements FragmentMerge {
  private final OuterParameters theta;
  private final Trainer trainer;
  private final CodecRegistry codecs;
  private final float alpha;
  private final float gain;
  private final LateMerge late;

  /**
   * A merge.
   *
   * @param gain what a contribution of one alone moves θ by: the optimizer's response, divided by
   *     the number of agents
   */
  EagerMerge(
      OuterParameters theta, Trainer trainer, CodecRegistry codecs, float alpha, float gain) {
    this.theta = theta;
    this.trainer = trainer;
    this.codecs = codecs;
    this.alpha = alpha;
    this.gain = gain;
    late = new LateMerge(theta, trainer, alpha);
  }

  @Override
  public void cut(Fragment fragment, PendingContribution own) {
    float beta = 1 - alpha;
    for (TensorSlice slice : fragment.slices()) {
      float[] outer = theta.tensor(slice.tensor());
      float[] towards = towards(slice, own);
      var local = new float[outer.length];
      trainer.read(slice.tensor(), local, 0);
      for (int i = 0; i < slice.count(); i++) {
        int at = slice.first() + i;
        local[at] = Float.isFinite(local[at]) ? alpha * local[at] + beta * towards[i] : outer[at];
      }
      trainer.write(slice.tensor(), local, 0);
    }
  }

  @Override
  public Runnable applying(Fragment fragment, @Nullable PendingContribution own) {
    if (own == null) {
      return late.applying(fragment, null);
    }
    float[][] estimates =
        fragment.slices().stream().map(s -> towards(s, own)).toArray(float[][]::new);
    return () -> mend(fragment, estimates);
  }

  private void mend(Fragment fragment, float[][] estimates) {
    float beta = 1 - alpha;
    for (int s = 0; s < estimates.length; s++) {
      TensorSlice slice = fragment.slices().get(s);
      float[] outer = theta.tensor(slice.tensor());
      var local = new float[outer.length];
      trainer.read(slice.tensor(), local, 0);
      for (int i = 0; i < slice.count(); i++) {
        int at = slice.first() + i;
        float missed = outer[at] - estimates[s][i];
        local[at] = Float.isFinite(local[at]) ? local[at] + beta * missed : outer[at];
      }
      trainer.write(slice.tensor(), local, 0);
    }
  }

  /**
   * θ less this agent's part of the change, decoded as the coordinator does; θ itself where that
   * isn't finite, since such a contribution doesn't count.
   */
  private float[] towards(TensorSlice slice, PendingContribution own) {
    var values = new float[slice.count()];
    for (EncodedPart part : own.parts()) {
      if (slice.covers(part.tensor(), part.first(), part.count())) {
        TensorCodec codec = codecs.forDecoding(part.codec(), part.codecVersion());
        int at = part.first() - slice.first();
        codec.decode(part.bytes(), 0, part.bytes().length, part.count(), values, at);
      }
    }
    float[] outer = theta.tensor(slice.tensor());
    for (int i = 0; i < values.length; i++) {
      float estimate = outer[slice.first() + i] - gain * values[i];
      values[i] = Float.isFinite(estimate) ? estimate : outer[slice.first() + i];
    }
    return values;
  }
}
