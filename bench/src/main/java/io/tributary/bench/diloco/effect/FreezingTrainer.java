package io.tributary.bench.diloco.effect;

import io.tributary.agent.trainer.StepResult;
import io.tributary.agent.trainer.Trainer;
import io.tributary.run.Exchange;
import io.tributary.run.FragmentMap;
import io.tributary.run.SyncSchedule;
import io.tributary.run.TensorSlice;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorSpec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * The ablation of Streaming DiLoCo (arXiv 2501.18512) in which only the fragment that is exchanged
 * next is trained: after each step all other tensors get back the values from before it. The
 * optimizer's moments go on for all.
 */
final class FreezingTrainer implements Trainer {
  private final Trainer trainer;
  private final FragmentMap fragments;
  private final SyncSchedule schedule;
  private final float[][] before;

  FreezingTrainer(Trainer trainer, FragmentMap fragments, SyncSchedule schedule) {
    this.trainer = trainer;
    this.fragments = fragments;
    this.schedule = schedule;
    List<TensorSpec> tensors = trainer.schema().tensors();
    before = new float[tensors.size()][];
    for (int t = 0; t < before.length; t++) {
      before[t] = new float[tensors.get(t).elements()];
    }
  }

  /** The fragments that are exchanged at the first step from {@code step} on that has any. */
  private List<Integer> trained(int step) {
    for (int next = step; ; next++) {
      List<Exchange> sent = schedule.sentAt(next);
      if (!sent.isEmpty()) {
        return sent.stream().map(Exchange::fragment).toList();
      }
    }
  }

  @Override
  public StepResult step(long step) {
    for (int t = 0; t < before.length; t++) {
      trainer.read(t, before[t], 0);
    }
    StepResult result = trainer.step(step);
    List<Integer> trained = trained((int) step);
    for (int f = 0; f < fragments.size(); f++) {
      if (!trained.contains(f)) {
        fragments.fragment(f).slices().forEach(this::putBack);
      }
    }
    return result;
  }

  private void putBack(TensorSlice slice) {
    float[] former = before[slice.tensor()];
    var values = new float[former.length];
    trainer.read(slice.tensor(), values, 0);
    System.arraycopy(former, slice.first(), values, slice.first(), slice.count());
    trainer.write(slice.tensor(), values, 0);
  }

  @Override
  public ModelSchema schema() {
    return trainer.schema();
  }

  @Override
  public void read(int tensor, float[] into, int at) {
    trainer.read(tensor, into, at);
  }

  @Override
  public void write(int tensor, float[] from, int at) {
    trainer.write(tensor, from, at);
  }

  @Override
  public double heldOutLoss() {
    return trainer.heldOutLoss();
  }

  @Override
  public String sample(String prompt, int length, long seed) {
    return trainer.sample(prompt, length, seed);
  }

  @Override
  public void saveState(DataOutput out) throws IOException {
    trainer.saveState(out);
  }

  @Override
  public void restoreState(DataInput in) throws IOException {
    trainer.restoreState(in);
  }

  @Override
  public void close() {
    trainer.close();
  }
}
