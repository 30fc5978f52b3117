package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.tributary.agent.trainer.SplitMiddle;
import io.tributary.agent.trainer.SplitTrainingPlan;

/** The layers of a byte-level GPT between two cuts. */
final class GptMiddle extends GptPart implements SplitMiddle {
  private final int layers;

  GptMiddle(Engine engine, SplitTrainingPlan plan, long seed) {
    super(engine, plan, plan.whole().shape().middleSchema(plan.cut(), plan.lastCut()), seed);
    layers = plan.lastCut() - plan.cut();
  }

  @Override
  public void forward(float[] activations, int count, float[] above) {
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, false);
      NDArray x = EngineTensors.toEngine(scope, shape(count), activations, 0, values(count), false);
      EngineTensors.read(graph.middle(tensors, x, layers), above, 0, values(count));
    }
  }

  @Override
  public void backward(float[] activations, int count, float[] gradients, float[] below) {
    EngineTensors.COLLECTING.lock();
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, true);
      NDArray x = EngineTensors.toEngine(scope, shape(count), activations, 0, values(count), true);
      NDArray slope =
          EngineTensors.toEngine(scope, shape(count), gradients, 0, values(count), false);
      try (GradientCollector collector = engine.newGradientCollector()) {
        // The derivative of this sum by what goes on is the slope, as at the bottom.
        collector.backward(graph.middle(tensors, x, layers).mul(slope).sum());
      }
      EngineTensors.read(x.getGradient(), below, 0, values(count));
      add(tensors);
    } finally {
      EngineTensors.COLLECTING.unlock();
    }
  }
}
