package io.tributary.bench.diloco.identity;

import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.FlatLayout;
import io.tributary.agent.trainer.StepResult;
import io.tributary.agent.trainer.Trainer;
import io.tributary.store.FloatArrays;
import io.tributary.tensor.InitialValues;
import io.tributary.tensor.ModelSchema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Least squares in plain Java, cheap and exact: the gradient of ½ Σ (p - y)², where the targets y
 * of a step come from (share, step) alone. With several shares a step takes the mean gradient over
 * them: data parallelism.
 */
final class RegressionTrainer implements Trainer {
  private static final float TARGET_SPREAD = 0.05f;

  private final FlatLayout layout;
  private final List<Integer> shares;
  private final float rate;
  private final @Nullable AdamW optimizer;
  private final LongConsumer beforeStep;
  private final float[] gradients;
  private float[] values;

  private RegressionTrainer(
      ModelSchema schema,
      long seed,
      List<Integer> shares,
      float rate,
      boolean adaptive,
      LongConsumer beforeStep) {
    layout = new FlatLayout(schema);
    this.shares = List.copyOf(shares);
    this.rate = rate;
    this.beforeStep = beforeStep;
    optimizer = adaptive ? new AdamW(layout, AdamW.Options.defaults()) : null;
    values = layout.initialValues(seed);
    gradients = new float[values.length];
  }

  /** A replica with AdamW. */
  static RegressionTrainer adaptive(
      ModelSchema schema, long seed, List<Integer> shares, float rate) {
    return new RegressionTrainer(schema, seed, shares, rate, true, step -> {});
  }

  /** The same, with something to do before each step. */
  static RegressionTrainer adaptive(
      ModelSchema schema, long seed, List<Integer> shares, float rate, LongConsumer beforeStep) {
    return new RegressionTrainer(schema, seed, shares, rate, true, beforeStep);
  }

  /** A replica with plain gradient descent. */
  static RegressionTrainer plain(ModelSchema schema, long seed, List<Integer> shares, float rate) {
    return new RegressionTrainer(schema, seed, shares, rate, false, step -> {});
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
    beforeStep.accept(step);
    double loss = 0;
    float share = 1f / shares.size();
    for (int i = 0; i < values.length; i++) {
      float sum = 0;
      for (int s : shares) {
        float error = values[i] - target(s, step, i);
        sum += error;
        loss += 0.5 * error * error;
      }
      gradients[i] = sum * share;
    }
    if (optimizer != null) {
      optimizer.update(values, gradients, rate);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] -= rate * gradients[i];
      }
    }
    return new StepResult(loss / shares.size() / values.length, shares.size());
  }

  /** Near the element's own place between 0.9 and 1.1, with noise of the share and the step. */
  private static float target(int share, long step, int element) {
    float place = 0.9f + 0.2f * unit(InitialValues.mix(element));
    long noise = InitialValues.mix(InitialValues.mix(share * 7919L + step) + element);
    return place + TARGET_SPREAD * (unit(noise) - 0.5f);
  }

  private static float unit(long bits) {
    return (bits >>> 40) * 0x1.0p-24f;
  }

  @Override
  public double heldOutLoss() {
    double loss = 0;
    for (int i = 0; i < values.length; i++) {
      double error = values[i] - (0.9 + 0.2 * unit(InitialValues.mix(i)));
      loss += 0.5 * error * error;
    }
    return loss / values.length;
  }

  @Override
  public String sample(String prompt, int length, long seed) {
    return prompt;
  }

  @Override
  public void saveState(DataOutput out) throws IOException {
    FloatArrays.write(out, values);
    if (optimizer != null) {
      optimizer.save(out);
    }
  }

  @Override
  public void restoreState(DataInput in) throws IOException {
    FloatArrays.read(in, values);
    if (optimizer != null) {
      optimizer.restore(in);
    }
  }

  @Override
  public void close() {}
}
