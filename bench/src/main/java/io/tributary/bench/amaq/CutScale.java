package io.tributary.bench.amaq;

import io.tributary.agent.trainer.GptShape;

/**
 * How large the model and the runs of the study are: the same for all its methods.
 *
 * @param shape the model
 * @param cut layers below the cut
 * @param batch windows a step
 * @param steps steps of training
 * @param epoch steps after which the same windows come again
 * @param learningRate after a warm-up of {@code warmup} steps, from where a cosine leads to a tenth
 * @param warmup steps of the warm-up
 * @param heldOutWindows on which loss and accuracy are measured
 */
public record CutScale(
    GptShape shape,
    int cut,
    int batch,
    int steps,
    int epoch,
    double learningRate,
    int warmup,
    int heldOutWindows) {

  /** About a minute a method on one core. */
  static CutScale full() {
    return new CutScale(new GptShape(4, 4, 64, 64), 1, 8, 300, 100, 0.003, 20, 128);
  }

  /** Shows that everything works; its losses mean nothing. */
  static CutScale quick() {
    return new CutScale(new GptShape(2, 2, 16, 32), 1, 4, 20, 10, 0.003, 4, 16);
  }

  /** Values that cross the cut in one direction in one step. */
  long values() {
    return (long) batch * shape.context() * shape.width();
  }
}
