package io.tributary.bench.guard;

import io.tributary.agent.trainer.StepResult;
import io.tributary.agent.trainer.Trainer;
import io.tributary.tensor.ModelSchema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Trains honestly and lies about it: who reads its parameters finds them as far from the last ones
 * that were written as a factor says. For runs that exchange the whole model at once and wait for
 * it, in which what is written are the outer parameters.
 */
final class AttackingTrainer implements Trainer {
  private final Trainer trainer;
  private final float factor;
  private final float[][] written;

  AttackingTrainer(Trainer trainer, float factor) {
    this.trainer = trainer;
    this.factor = factor;
    written = new float[trainer.schema().tensors().size()][];
    for (int t = 0; t < written.length; t++) {
      written[t] = new float[trainer.schema().tensors().get(t).elements()];
      trainer.read(t, written[t], 0);
    }
  }

  @Override
  public void read(int tensor, float[] into, int at) {
    trainer.read(tensor, into, at);
    for (int i = 0; i < written[tensor].length; i++) {
      float before = written[tensor][i];
      into[at + i] = before + factor * (into[at + i] - before);
    }
  }

  @Override
  public void write(int tensor, float[] from, int at) {
    trainer.write(tensor, from, at);
    System.arraycopy(from, at, written[tensor], 0, written[tensor].length);
  }

  @Override
  public StepResult step(long step) {
    return trainer.step(step);
  }

  @Override
  public ModelSchema schema() {
    return trainer.schema();
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
