package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitTrainingPlan;

/** Embeddings and first layers of a byte-level GPT. */
final class GptBottom extends GptPart implements SplitBottom {
  private static final String INPUTS = ":, :-1";

  GptBottom(Engine engine, SplitTrainingPlan plan, long seed) {
    super(engine, plan, plan.whole().shape().bottomSchema(plan.cut()), seed);
  }

  @Override
  public void forward(long[] windows, int count, float[] activations) {
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, false);
      NDArray tokens = tokens(scope, windows, count, INPUTS);
      NDArray x = graph.bottom(tensors, tokens, plan.cut());
      EngineTensors.read(x, activations, 0, values(count));
    }
  }

  @Override
  public void backward(long[] windows, int count, float[] gradients) {
    EngineTensors.COLLECTING.lock();
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, true);
      NDArray tokens = tokens(scope, windows, count, INPUTS);
      NDArray slope =
          EngineTensors.toEngine(scope, shape(count), gradients, 0, values(count), false);
      try (GradientCollector collector = engine.newGradientCollector()) {
        // The derivative of this sum by x is the slope, so what flows back is what came back.
        collector.backward(graph.bottom(tensors, tokens, plan.cut()).mul(slope).sum());
      }
      add(tensors);
    } finally {
      EngineTensors.COLLECTING.unlock();
    }
  }
}
