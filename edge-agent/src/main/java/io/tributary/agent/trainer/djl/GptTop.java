package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.SplitTrainingPlan;

/** The last layers of a byte-level GPT, if any, its output table and the loss. */
final class GptTop extends GptPart implements SplitTop {
  private static final String TARGETS = ":, 1:";

  private final int layers;

  GptTop(Engine engine, SplitTrainingPlan plan, long seed) {
    super(engine, plan, plan.whole().shape().topSchema(plan.lastCut()), seed);
    layers = plan.whole().shape().layers() - plan.lastCut();
  }

  @Override
  public double learn(float[] activations, long[] windows, int count, float[] gradients) {
    EngineTensors.COLLECTING.lock();
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, true);
      NDArray targets = tokens(scope, windows, count, TARGETS);
      NDArray x = EngineTensors.toEngine(scope, shape(count), activations, 0, values(count), true);
      double loss = learn(() -> GptGraph.loss(graph.top(tensors, x, layers), targets));
      EngineTensors.read(x.getGradient(), gradients, 0, values(count));
      add(tensors);
      return loss;
    } finally {
      EngineTensors.COLLECTING.unlock();
    }
  }

  @Override
  public Outcome measure(float[] activations, long[] windows, int count) {
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, false);
      NDArray targets = tokens(scope, windows, count, TARGETS);
      NDArray x = EngineTensors.toEngine(scope, shape(count), activations, 0, values(count), false);
      NDArray logits = graph.top(tensors, x, layers);
      return new Outcome(GptGraph.loss(logits, targets).getFloat(), accuracy(logits, targets));
    }
  }
}
