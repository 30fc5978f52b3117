package io.tributary.bench.sketch;

import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import java.nio.file.Path;

/**
 * Real rows of a training run: the demo's model learns text, cut behind its first layer, and at the
 * cut there is a row of activations and one of gradients for each token.
 *
 * @param width values in a row
 * @param activations the rows that go up, one behind the other
 * @param gradients the rows that come back
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier: equality is of no interest
record GradientRows(int width, float[] activations, float[] gradients) {
  private static final String ENGINE = "djl";
  private static final int CUT = 1;
  private static final int BATCH = 8;
  private static final double RATE = 0.003;
  private static final int WARM_UP = 10;

  /** Steps before rows are recorded, so that they aren't those of a model that knows nothing. */
  private static final int UNRECORDED = 30;

  /** Trains a model until there are so many rows of a kind, rounded up to whole steps. */
  static GradientRows record(GptShape shape, Path text, int rows, long seed) {
    int context = shape.context();
    int stepRows = BATCH * context;
    int steps = (rows + stepRows - 1) / stepRows;
    var plan =
        new SplitTrainingPlan(
            new TrainingPlan(shape, LearningRate.constant(RATE, WARM_UP), AdamW.Options.defaults()),
            CUT);
    WindowSampler sampler = Corpus.read(text, 1).sampler(0, seed, context, BATCH);
    var windows = new long[BATCH * (context + 1)];
    int values = stepRows * shape.width();
    var up = new float[values];
    var back = new float[values];
    var found =
        new GradientRows(shape.width(), new float[steps * values], new float[steps * values]);
    TrainerProvider engine = TrainerProvider.named(ENGINE);
    try (SplitBottom bottom = engine.openBottom(plan, seed);
        SplitTop top = engine.openTop(plan, seed + 1)) {
      for (int step = 1; step <= UNRECORDED + steps; step++) {
        sampler.fill(step, windows);
        bottom.forward(windows, BATCH, up);
        top.learn(up, windows, BATCH, back);
        bottom.backward(windows, BATCH, back);
        bottom.update(step);
        top.update(step);
        if (step > UNRECORDED) {
          int at = (step - 1 - UNRECORDED) * values;
          System.arraycopy(up, 0, found.activations, at, values);
          System.arraycopy(back, 0, found.gradients, at, values);
        }
      }
    }
    return found;
  }
}
