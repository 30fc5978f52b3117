package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.FlatLayout;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SplitPart;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.store.FloatArrays;
import io.tributary.tensor.ModelSchema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;

/** What the parts of all cut models have in common: parameters, summed gradients, optimizer. */
abstract class TrainedPart implements SplitPart {
  private static final int STATE_MAGIC = 0x53504c31; // "SPL1"

  final Engine engine;
  final NDManager manager;
  private final FlatLayout layout;
  private final LearningRate rate;
  private final AdamW optimizer;
  private final float[] sums;
  private final float[] gradients;
  private float[] parameters;
  private int batches;

  /** {@link #sums} as they were when the gradients so far were to be kept, if they ever were. */
  private float[] kept = {};

  private int keptBatches;

  TrainedPart(
      Engine engine, ModelSchema schema, LearningRate rate, AdamW.Options options, long seed) {
    this.engine = engine;
    this.rate = rate;
    layout = new FlatLayout(schema);
    optimizer = new AdamW(layout, options);
    sums = new float[layout.length()];
    gradients = new float[layout.length()];
    parameters = layout.initialValues(seed);
    manager = engine.newBaseManager();
  }

  @Override
  public final ModelSchema schema() {
    return layout.schema();
  }

  final NDList toEngine(NDManager scope, boolean withGradient) {
    return EngineTensors.toEngine(scope, layout, parameters, withGradient);
  }

  /**
   * Computes a loss and the gradients of all that ask for them.
   *
   * @throws TributaryException {@code NON_FINITE} if the loss isn't finite; the gradients since the
   *     last update are forgotten
   */
  final double learn(Supplier<NDArray> meanLoss) {
    double loss;
    try (GradientCollector collector = engine.newGradientCollector()) {
      NDArray mean = meanLoss.get();
      collector.backward(mean);
      loss = mean.getFloat();
    }
    if (!Double.isFinite(loss)) {
      refuse();
      throw new TributaryException(
          ErrorCode.NON_FINITE,
          "loss above the cut: expected a finite number, found "
              + loss
              + "; lower the learning rate");
    }
    return loss;
  }

  /** The share of rows whose largest logit is that of their target. */
  static double accuracy(NDArray logits, NDArray targets) {
    long[] found = logits.argMax(-1).toLongArray();
    long[] expected = targets.toLongArray();
    int right = 0;
    for (int i = 0; i < found.length; i++) {
      right += found[i] == expected[i] ? 1 : 0;
    }
    return (double) right / found.length;
  }

  /** Adds the gradients that the engine holds. */
  final void add(NDList tensors) {
    EngineTensors.readGradients(tensors, layout, gradients);
    for (int i = 0; i < sums.length; i++) {
      sums[i] += gradients[i];
    }
    batches++;
  }

  @Override
  public final void update(long step) {
    if (batches > 1) {
      float share = 1f / batches;
      for (int i = 0; i < sums.length; i++) {
        sums[i] *= share;
      }
    }
    try {
      optimizer.update(parameters, sums, rate.at(step));
    } finally {
      forget();
    }
  }

  @Override
  public final void keep() {
    if (kept.length == 0) {
      kept = new float[sums.length];
    }
    System.arraycopy(sums, 0, kept, 0, sums.length);
    keptBatches = batches;
  }

  @Override
  public final void refuse() {
    if (keptBatches == 0) {
      Arrays.fill(sums, 0f);
    } else {
      System.arraycopy(kept, 0, sums, 0, sums.length);
    }
    batches = keptBatches;
  }

  private void forget() {
    keptBatches = 0;
    refuse();
  }

  @Override
  public final void saveState(DataOutput out) throws IOException {
    out.writeInt(STATE_MAGIC);
    out.writeUTF(schema().hash());
    FloatArrays.write(out, parameters);
    optimizer.save(out);
  }

  @Override
  public final void restoreState(DataInput in) throws IOException {
    int magic = in.readInt();
    if (magic != STATE_MAGIC) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "state of a cut model, byte 0: expected 0x"
              + Integer.toHexString(STATE_MAGIC)
              + ", found 0x"
              + Integer.toHexString(magic));
    }
    String hash = in.readUTF();
    if (!hash.equals(schema().hash())) {
      throw new TributaryException(
          ErrorCode.SCHEMA_MISMATCH,
          "state of a cut model: expected schema hash " + schema().hash() + ", found " + hash);
    }
    float[] restored = new float[layout.length()];
    FloatArrays.read(in, restored);
    optimizer.restore(in);
    parameters = restored;
    forget();
  }

  @Override
  public final void close() {
    manager.close();
  }
}
