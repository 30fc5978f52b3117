package io.tributary.bench.synthetic;

import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.FlatLayout;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.StepResult;
import io.tributary.agent.trainer.Trainer;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.store.FloatArrays;
import io.tributary.tensor.InitialValues;
import io.tributary.tensor.ModelSchema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Least squares in place of a language model of the same shape: element i is drawn towards a place
 * of its own, with noise that comes from the windows of the step, so that a step depends on the
 * text, the seed, the participant and its number as a real one does. Gradients go through the
 * product's AdamW, whose moments are part of the state.
 */
final class SyntheticTrainer implements Trainer {
  private static final float NOISE = 0.05f;

  private final FlatLayout layout;
  private final LearningRate rate;
  private final List<WindowSampler> samplers;
  private final Duration stepTime;
  private final AdamW optimizer;
  private final float[] values;
  private final float[] gradients;

  SyntheticTrainer(TrainingPlan plan, long seed, List<WindowSampler> samplers, Duration stepTime) {
    layout = new FlatLayout(plan.shape().schema());
    rate = plan.rate();
    this.samplers = List.copyOf(samplers);
    this.stepTime = stepTime;
    optimizer = new AdamW(layout, plan.optimizer());
    values = layout.initialValues(seed);
    gradients = new float[values.length];
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
    long began = System.nanoTime();
    long key = 0;
    int tokens = 0;
    for (WindowSampler sampler : samplers) {
      var windows = new long[sampler.batch() * (sampler.context() + 1)];
      sampler.fill(step, windows);
      for (long token : windows) {
        key = InitialValues.mix(key + token);
      }
      tokens += sampler.batch() * sampler.context();
    }
    double loss = 0;
    for (int i = 0; i < values.length; i++) {
      float error = values[i] - place(i) - NOISE * (unit(InitialValues.mix(key + i)) - 0.5f);
      loss += 0.5 * error * error;
      gradients[i] = error;
    }
    optimizer.update(values, gradients, rate.at(step));
    pause(stepTime.toNanos() - (System.nanoTime() - began));
    return new StepResult(loss / values.length, tokens);
  }

  /** What a real step would take longer. */
  private static void pause(long nanos) {
    if (nanos > 0) {
      try {
        Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Where element i belongs, between 0.9 and 1.1. */
  private static float place(int element) {
    return 0.9f + 0.2f * unit(InitialValues.mix(element));
  }

  private static float unit(long bits) {
    return (bits >>> 40) * 0x1.0p-24f;
  }

  /** The mean squared distance of all elements from their places, halved. */
  @Override
  public double heldOutLoss() {
    double loss = 0;
    for (int i = 0; i < values.length; i++) {
      double error = values[i] - place(i);
      loss += 0.5 * error * error;
    }
    return loss / values.length;
  }

  /** The prompt: this engine speaks no language. */
  @Override
  public String sample(String prompt, int length, long seed) {
    return prompt;
  }

  @Override
  public void saveState(DataOutput out) throws IOException {
    FloatArrays.write(out, values);
    optimizer.save(out);
  }

  @Override
  public void restoreState(DataInput in) throws IOException {
    FloatArrays.read(in, values);
    optimizer.restore(in);
  }

  @Override
  public void close() {}
}
