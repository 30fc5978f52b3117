package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.tributary.agent.trainer.SentenceWindows;
import io.tributary.agent.trainer.SplitEncoderPlan;
import io.tributary.agent.trainer.SplitTop;

/** The other layers of a pre-trained encoder, and the head that tells classes. */
final class EncoderTop extends EncoderPart implements SplitTop {
  private final int head;

  EncoderTop(Engine engine, SplitEncoderPlan plan, long seed) {
    super(engine, plan, plan.topSchema(), seed, plan.cut(), plan.weights().shape().layers());
    head = (plan.weights().shape().layers() - plan.cut()) * SplitEncoderPlan.TENSORS_A_LAYER;
  }

  @Override
  public double learn(float[] activations, long[] windows, int count, float[] gradients) {
    SentenceWindows sentences = sentences(windows, count);
    EngineTensors.COLLECTING.lock();
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, true);
      NDArray x = toEngine(scope, sentences, activations, true);
      NDArray targets = scope.create(sentences.labels());
      double loss = learn(() -> loss(logits(tensors, x, sentences), targets));
      fromEngine(x.getGradient(), sentences, gradients);
      add(tensors);
      return loss;
    } finally {
      EngineTensors.COLLECTING.unlock();
    }
  }

  @Override
  public Outcome measure(float[] activations, long[] windows, int count) {
    SentenceWindows sentences = sentences(windows, count);
    try (NDManager scope = manager.newSubManager()) {
      NDList tensors = toEngine(scope, false);
      NDArray x = toEngine(scope, sentences, activations, false);
      NDArray targets = scope.create(sentences.labels());
      NDArray logits = logits(tensors, x, sentences);
      return new Outcome(loss(logits, targets).getFloat(), accuracy(logits, targets));
    }
  }

  private NDArray logits(NDList tensors, NDArray x, SentenceWindows sentences) {
    NDArray means = EncoderGraph.means(graph.layers(tensors, x, sentences), sentences);
    return EncoderGraph.linear(means, tensors.get(head), tensors.get(head + 1));
  }

  private static NDArray loss(NDArray logits, NDArray targets) {
    return logits.logSoftmax(-1).gather(targets.reshape(-1, 1), 1).mean().neg();
  }
}
