package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.tributary.agent.trainer.SentenceWindows;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitEncoderPlan;

/** Embeddings and first layers of a pre-trained encoder. */
final class EncoderBottom extends EncoderPart implements SplitBottom {
  EncoderBottom(Engine engine, SplitEncoderPlan plan, long seed) {
    super(engine, plan, plan.bottomSchema(), seed, 0, plan.cut());
  }

  @Override
  public byte[] kinds(long[] windows, int count) {
    return new SentenceWindows(windows, count).kinds();
  }

  @Override
  public void forward(long[] windows, int count, float[] activations) {
    SentenceWindows sentences = sentences(windows, count);
    try (NDManager scope = manager.newSubManager()) {
      NDList adapters = toEngine(scope, false);
      NDArray x = graph.layers(adapters, graph.embeddings(scope, sentences), sentences);
      fromEngine(x, sentences, activations);
    }
  }

  @Override
  public void backward(long[] windows, int count, float[] gradients) {
    SentenceWindows sentences = sentences(windows, count);
    EngineTensors.COLLECTING.lock();
    try (NDManager scope = manager.newSubManager()) {
      NDList adapters = toEngine(scope, true);
      NDArray slope = toEngine(scope, sentences, gradients, false);
      NDArray tokens = graph.embeddings(scope, sentences);
      try (GradientCollector collector = engine.newGradientCollector()) {
        // The derivative of this sum by x is the slope, so what flows back is what came back.
        collector.backward(graph.layers(adapters, tokens, sentences).mul(slope).sum());
      }
      add(adapters);
    } finally {
      EngineTensors.COLLECTING.unlock();
    }
  }
}
