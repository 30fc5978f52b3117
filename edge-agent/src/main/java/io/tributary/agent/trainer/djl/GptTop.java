package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;

/** The other layers of a byte-level GPT, its output table and the loss. */
final class GptTop extends GptPart implements SplitTop {
  private static final String TARGETS = ":, 1:";

  private final int layers;

  GptTop(Engine engine, SplitTrainingPlan plan, long seed) {
    super(engine, plan, plan.whole().shape().topSchema(plan.cut()), seed);
    layers = plan.whole().shape().layers() - plan.cut();
  }

  @Override
  public double learn(float[] activations, long[] windows, int count, float[] gradients) {
    EngineTensors.COLLECTING.lock();
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, true);
      NDArray targets = tokens(scope, windows, count, TARGETS);
      NDArray x = EngineTensors.toEngine(scope, shape(count), activations, 0, values(count), true);
      double loss;
      try (GradientCollector collector = engine.newGradientCollector()) {
        NDArray mean = GptGraph.loss(graph.top(tensors, x, layers), targets);
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
      long[] found = logits.argMax(-1).toLongArray();
      long[] expected = targets.toLongArray();
      int right = 0;
      for (int i = 0; i < found.length; i++) {
        right += found[i] == expected[i] ? 1 : 0;
      }
      double loss = GptGraph.loss(logits, targets).getFloat();
      return new Outcome(loss, (double) right / found.length);
    }
  }
}
