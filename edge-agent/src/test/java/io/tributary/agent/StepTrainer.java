package io.tributary.agent;

import io.tributary.agent.trainer.FlatLayout;
import io.tributary.agent.trainer.StepResult;
import io.tributary.agent.trainer.Trainer;
import io.tributary.store.FloatArrays;
import io.tributary.tensor.InitialValues;
import io.tributary.tensor.ModelSchema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A trainer whose steps are arithmetic on (participant, step) and its own past: no engine. */
final class StepTrainer implements Trainer {
  private final FlatLayout layout;
  private final long participant;
  private float[] values;
  private float[] moments;

  StepTrainer(ModelSchema schema, long seed, int participant) {
    layout = new FlatLayout(schema);
    this.participant = participant;
    values = layout.initialValues(seed);
    moments = new float[values.length];
  }

  @Override
  public ModelSchema schema() {
    return layout.schema();
  }

  @Override
  public void read(int tensor, float[] into, int at) {
    System.arraycopy(values, layout.offset(tensor), into, at, layout.elements(tensor));
  }

  @Override
  public void write(int tensor, float[] from, int at) {
    System.arraycopy(from, at, values, layout.offset(tensor), layout.elements(tensor));
  }

  @Override
  public StepResult step(long step) {
    for (int i = 0; i < values.length; i++) {
      long bits = InitialValues.mix(participant * 7919 + step * 104_729 + i);
      moments[i] = 0.9f * moments[i] + (bits >> 40) * 0x1.0p-30f + 0.01f * values[i];
      values[i] -= 0.1f * moments[i];
    }
    return new StepResult(1.0 / step, 8);
  }

  @Override
  public double heldOutLoss() {
    return 1;
  }

  @Override
  public String sample(String prompt, int length, long seed) {
    return prompt;
  }

  @Override
  public void saveState(DataOutput out) throws IOException {
    FloatArrays.write(out, values);
    FloatArrays.write(out, moments);
  }

  @Override
  public void restoreState(DataInput in) throws IOException {
    FloatArrays.read(in, values);
    FloatArrays.read(in, moments);
  }

  @Override
  public void close() {}
}
