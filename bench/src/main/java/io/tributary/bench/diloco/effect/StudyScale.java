package io.tributary.bench.diloco.effect;

import io.tributary.agent.trainer.GptShape;
import io.tributary.error.Errors;

/**
 * How large the models and runs of a study are: the same for all its methods.
 *
 * @param agents M
 * @param shape the model
 * @param batch windows of an inner step of one agent
 * @param steps inner steps
 * @param interval H
 * @param learningRate inner rate after a warm-up of {@code warmup} steps, from where a cosine leads
 *     to a tenth of it at the last step
 * @param warmup the steps of the warm-up
 * @param heldOutWindows on which loss is measured
 */
public record StudyScale(
    int agents,
    GptShape shape,
    int batch,
    int steps,
    int interval,
    double learningRate,
    int warmup,
    int heldOutWindows) {

  /** Less than a minute a method on one core. */
  static StudyScale full() {
    return new StudyScale(2, new GptShape(2, 2, 64, 64), 4, 3000, 30, 0.003, 60, 512);
  }

  /** Shows that everything works; its losses mean nothing. */
  static StudyScale quick() {
    return new StudyScale(2, new GptShape(2, 2, 16, 16), 2, 36, 12, 0.003, 4, 16);
  }

  /** The same with another number of steps. */
  StudyScale steps(int newSteps) {
    if (newSteps < interval) {
      throw Errors.invalidSetting("--steps", newSteps, "at least h, " + interval);
    }
    return new StudyScale(
        agents, shape, batch, newSteps, interval, learningRate, warmup, heldOutWindows);
  }
}
