package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.tributary.agent.trainer.FrozenLayers;
import io.tributary.agent.trainer.SentenceWindows;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitEncoderPlan;

/** Embeddings and first layers of a pre-trained encoder. */
final class EncoderBottom extends EncoderPart implements SplitBottom {
  private final FrozenLayers frozen;
  private final EncoderGraph lowest;

  EncoderBottom(Engine engine, SplitEncoderPlan plan, long seed) {
    super(engine, plan, plan.bottomSchema(), seed, plan.frozen().count(), plan.cut());
    frozen = plan.frozen();
    lowest = new EncoderGraph(manager, plan.weights(), 0, frozen.count());
  }

  /** What the layers without adapters give, window by window. */
  private float[] below(SentenceWindows sentences) {
    int width = width();
    var rows = new float[sentences.count() * sentences.length() * width];
    for (int s = 0; s < sentences.count(); s++) {
      int[] sentence = sentences.sentence(s);
      float[] found = frozen.of(sentence, () -> compute(sentence));
      System.arraycopy(found, 0, rows, s * sentences.length() * width, found.length);
    }
    return rows;
  }

  private float[] compute(int[] sentence) {
    try (NDManager scope = manager.newSubManager()) {
      return lowest.frozen(lowest.embeddings(scope, sentence)).toFloatArray();
    }
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
      NDArray tokens = toEngine(scope, sentences, below(sentences), false);
      NDArray x = graph.layers(adapters, tokens, sentences);
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
      NDArray tokens = toEngine(scope, sentences, below(sentences), false);
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
