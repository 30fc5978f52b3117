package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.tributary.agent.text.HeldOutWindows;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.FlatLayout;
import io.tributary.agent.trainer.StepResult;
import io.tributary.agent.trainer.Trainer;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.store.FloatArrays;
import io.tributary.tensor.InitialValues;
import io.tributary.tensor.ModelSchema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Trains a byte-level GPT in this process. The parameters' home is a {@code float[]}; each step
 * copies them to the engine, reads gradients back and lets {@link AdamW} change them in Java. All
 * native memory of a step or an evaluation is freed at its end.
 */
final class GptTrainer implements Trainer {
  private static final int STATE_MAGIC = 0x54524e31; // "TRN1"
  private static final int WINDOWS_AT_ONCE = 16;
  private static final double TEMPERATURE = 0.8;

  private final Engine engine;
  private final TrainingPlan plan;
  private final List<WindowSampler> samplers;
  private final HeldOutWindows heldOut;
  private final FlatLayout layout;
  private final GptGraph graph;
  private final NDManager manager;
  private final AdamW optimizer;
  private final float[] gradients;
  private float[] parameters;

  GptTrainer(
      Engine engine,
      TrainingPlan plan,
      long seed,
      List<WindowSampler> samplers,
      HeldOutWindows heldOut) {
    this.engine = engine;
    this.plan = plan;
    this.samplers = List.copyOf(samplers);
    this.heldOut = heldOut;
    this.layout = new FlatLayout(plan.shape().schema());
    this.graph = new GptGraph(plan.shape());
    this.optimizer = new AdamW(layout, plan.optimizer());
    this.gradients = new float[layout.length()];
    this.parameters = layout.initialValues(seed);
    this.manager = engine.newBaseManager();
  }

  @Override
  public ModelSchema schema() {
    return layout.schema();
  }

  @Override
  public void read(int tensor, float[] into, int at) {
    System.arraycopy(parameters, layout.offset(tensor), into, at, layout.elements(tensor));
  }

  @Override
  public void write(int tensor, float[] from, int at) {
    System.arraycopy(from, at, parameters, layout.offset(tensor), layout.elements(tensor));
  }

  @Override
  public StepResult step(long step) {
    double loss = computeGradients(step);
    optimizer.update(parameters, gradients, plan.rate().at(step));
    int tokens = samplers.stream().mapToInt(s -> s.batch() * s.context()).sum();
    return new StepResult(loss, tokens);
  }

  /** Leaves the mean gradient over all samplers in {@link #gradients}; returns the mean loss. */
  private double computeGradients(long step) {
    double sum = 0;
    EngineTensors.COLLECTING.lock();
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, true);
      for (WindowSampler sampler : samplers) {
        long[] windows = new long[sampler.batch() * (sampler.context() + 1)];
        sampler.fill(step, windows);
        try (NDManager batch = scope.newSubManager();
            GradientCollector collector = engine.newGradientCollector()) {
          NDArray loss = loss(tensors, batch, windows, sampler.batch());
          collector.backward(loss);
          sum += loss.getFloat();
        }
      }
      EngineTensors.readGradients(tensors, layout, gradients);
    } finally {
      EngineTensors.COLLECTING.unlock();
    }
    if (samplers.size() > 1) {
      float share = 1f / samplers.size();
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] *= share;
      }
    }
    double loss = sum / samplers.size();
    if (!Double.isFinite(loss)) {
      throw new TributaryException(
          ErrorCode.NON_FINITE,
          "step " + step + ": expected a finite loss, found " + loss + "; lower the learning rate");
    }
    return loss;
  }

  private NDArray loss(NDList tensors, NDManager scope, long[] windows, int count) {
    int length = windows.length / count;
    NDArray all = scope.create(windows, new Shape(count, length));
    NDArray tokens = all.get(":, :" + (length - 1));
    NDArray targets = all.get(":, 1:");
    return graph.loss(tensors, tokens, targets);
  }

  private NDList toEngine(NDManager scope, boolean withGradient) {
    return EngineTensors.toEngine(scope, layout, parameters, withGradient);
  }

  @Override
  public double heldOutLoss() {
    double sum = 0;
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, false);
      for (int first = 0; first < heldOut.count(); first += WINDOWS_AT_ONCE) {
        int count = Math.min(WINDOWS_AT_ONCE, heldOut.count() - first);
        long[] windows = new long[count * (heldOut.context() + 1)];
        heldOut.fill(first, count, windows);
        try (NDManager batch = scope.newSubManager()) {
          sum += count * (double) loss(tensors, batch, windows, count).getFloat();
        }
      }
    }
    return sum / heldOut.count();
  }

  @Override
  public String sample(String prompt, int length, long seed) {
    byte[] start = prompt.isEmpty() ? new byte[] {'\n'} : prompt.getBytes(StandardCharsets.UTF_8);
    byte[] text = Arrays.copyOf(start, start.length + length);
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, false);
      for (int at = start.length; at < text.length; at++) {
        int from = Math.max(0, at - plan.shape().context());
        long[] seen = new long[at - from];
        for (int i = from; i < at; i++) {
          seen[i - from] = text[i] & 0xFF;
        }
        try (NDManager one = scope.newSubManager()) {
          NDArray logits = graph.logits(tensors, one.create(seen, new Shape(1, seen.length)));
          float[] last = logits.get("0, -1").toFloatArray();
          text[at] = (byte) draw(last, InitialValues.mix(seed + at));
        }
      }
    }
    return new String(text, StandardCharsets.UTF_8);
  }

  private static int draw(float[] logits, long bits) {
    double most = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      most = Math.max(most, logit);
    }
    double[] weights = new double[logits.length];
    double total = 0;
    for (int i = 0; i < logits.length; i++) {
      weights[i] = StrictMath.exp((logits[i] - most) / TEMPERATURE);
      total += weights[i];
    }
    double left = (bits >>> 11) * 0x1.0p-53 * total;
    for (int i = 0; i < weights.length; i++) {
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
    return logits.length - 1;
  }

  @Override
  public void saveState(DataOutput out) throws IOException {
    out.writeInt(STATE_MAGIC);
    out.writeUTF(schema().hash());
    FloatArrays.write(out, parameters);
    optimizer.save(out);
  }

  @Override
  public void restoreState(DataInput in) throws IOException {
    int magic = in.readInt();
    if (magic != STATE_MAGIC) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "trainer state, byte 0: expected 0x"
              + Integer.toHexString(STATE_MAGIC)
              + ", found 0x"
              + Integer.toHexString(magic));
    }
    String hash = in.readUTF();
    if (!hash.equals(schema().hash())) {
      throw new TributaryException(
          ErrorCode.SCHEMA_MISMATCH,
          "trainer state: expected a model with schema hash "
              + schema().hash()
              + ", found "
              + hash
              + "; start with the options of the saved run");
    }
    float[] restored = new float[layout.length()];
    FloatArrays.read(in, restored);
    optimizer.restore(in);
    parameters = restored;
  }

  @Override
  public void close() {
    manager.close();
  }
}
