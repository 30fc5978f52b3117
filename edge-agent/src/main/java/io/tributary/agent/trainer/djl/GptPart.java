package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.FlatLayout;
import io.tributary.agent.trainer.SplitPart;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.store.FloatArrays;
import io.tributary.tensor.ModelSchema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** What both parts of a cut GPT have in common: parameters, summed gradients, the optimizer. */
abstract class GptPart implements SplitPart {
  private static final int STATE_MAGIC = 0x53504c31; // "SPL1"

  final Engine engine;
  final SplitTrainingPlan plan;
  final GptGraph graph;
  final NDManager manager;
  private final FlatLayout layout;
  private final AdamW optimizer;
  private final float[] sums;
  private final float[] gradients;
  private float[] parameters;
  private int batches;

  GptPart(Engine engine, SplitTrainingPlan plan, ModelSchema schema, long seed) {
    this.engine = engine;
    this.plan = plan;
    layout = new FlatLayout(schema);
    graph = new GptGraph(plan.whole().shape());
    optimizer = new AdamW(layout, plan.whole().optimizer());
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

  /** All tokens but the last, or but the first, of each window. */
  final NDArray tokens(NDManager scope, long[] windows, int count, String which) {
    int length = plan.whole().shape().context() + 1;
    if (windows.length != count * length) {
      throw new IllegalArgumentException(
          windows.length + " tokens of " + count + " windows of " + length);
    }
    return scope.create(windows, new Shape(count, length)).get(which);
  }

  /** The values that cross the cut in so many windows. */
  final int values(int count) {
    return count * plan.whole().shape().context() * plan.width();
  }

  final Shape shape(int count) {
    return new Shape(count, plan.whole().shape().context(), plan.width());
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
      optimizer.update(parameters, sums, plan.whole().rate().at(step));
    } finally {
      refuse();
    }
  }

  @Override
  public final void refuse() {
    Arrays.fill(sums, 0f);
    batches = 0;
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
    refuse();
  }

  @Override
  public final void close() {
    manager.close();
  }
}
