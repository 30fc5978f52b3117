package io.tributary.bench.guard;

import io.tributary.agent.trainer.GptShape;

/**
 * How large the models and runs of the study are: the same for all guards.
 *
 * @param agents M
 * @param attackers how many of them are bad, the last ones
 * @param shape the model
 * @param batch windows of an inner step of one agent
 * @param steps inner steps
 * @param interval H
 * @param outer the outer optimizer
 * @param learningRate inner rate after a warm-up of {@code warmup} steps, from where a cosine leads
 *     to a tenth of it at the last step
 * @param warmup the steps of the warm-up
 * @param heldOutWindows on which loss is measured
 */
public record GuardScale(
    int agents,
    int attackers,
    GptShape shape,
    int batch,
    int steps,
    int interval,
    String outer,
    double learningRate,
    int warmup,
    int heldOutWindows) {
  /** Less than a minute a run on one core. */
  static GuardScale full() {
    return new GuardScale(
        8, 2, new GptShape(2, 2, 32, 32), 4, 200, 10, "nesterov:0.7,0.9", 0.004, 20, 512);
  }

  /** Shows that everything works; its losses mean nothing. */
  static GuardScale quick() {
    return new GuardScale(
        8, 2, new GptShape(2, 2, 16, 16), 2, 20, 5, "nesterov:0.7,0.9", 0.004, 4, 16);
  }

  /** Whether an agent is one of the bad ones. */
  boolean isAttacker(int participant) {
    return participant >= agents - attackers;
  }
}
