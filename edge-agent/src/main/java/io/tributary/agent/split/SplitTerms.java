package io.tributary.agent.split;

import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.codec.CutPlan;
import io.tributary.error.Errors;

/**
 * What a server offers and its clients take on: the model, the cut, the codec across it. With the
 * text and the place of each client it decides what is trained.
 *
 * @param layers of the model
 * @param heads of attention
 * @param width values that cross the cut for each token
 * @param context tokens a window
 * @param cut layers below the cut; they are the client's
 * @param lastCut layers below the last cut; the others are the client's again, with the labels. The
 *     same as {@code cut} if there is no other: then all above it, and the labels, are the server's
 * @param batch windows of a micro-batch
 * @param microBatches micro-batches of a step, which may all be under way
 * @param codec that activations and gradients travel in
 * @param budgetBits bits a value to come down to
 * @param startBits bits a value in the beginning
 * @param steps of each client
 * @param learningRate after the warm-up, the same at both ends
 * @param warmup steps until then
 * @param seed where initial values and data order come from
 * @param engine that trains
 * @param clients how many clients the text is dealt to, and that take part in each step
 */
public record SplitTerms(
    int layers,
    int heads,
    int width,
    int context,
    int cut,
    int lastCut,
    int batch,
    int microBatches,
    String codec,
    double budgetBits,
    double startBits,
    int steps,
    double learningRate,
    int warmup,
    long seed,
    String engine,
    int clients) {
  /** The service's name at the coordinator. */
  public static final String SERVICE = "split";

  private static final int MOST_WINDOWS = 4096;
  private static final int MOST_MICRO_BATCHES = 64;
  private static final int MOST_CLIENTS = 64;

  /** Checks every component. */
  public SplitTerms {
    check("windows of a micro-batch", batch, MOST_WINDOWS);
    check("micro-batches of a step", microBatches, MOST_MICRO_BATCHES);
    check("clients of a server", clients, MOST_CLIENTS);
    check("steps", steps, Integer.MAX_VALUE);
  }

  private static void check(String what, int found, int most) {
    if (found < 1 || found > most) {
      throw Errors.invalidSetting(what, found, "1 to " + most);
    }
  }

  /** The model. */
  GptShape shape() {
    return new GptShape(layers, heads, width, context);
  }

  /**
   * How both parts are trained.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} for a cut outside the
   *     model
   */
  SplitTrainingPlan training() {
    return new SplitTrainingPlan(
        new TrainingPlan(
            shape(), LearningRate.constant(learningRate, warmup), AdamW.Options.defaults()),
        cut,
        lastCut);
  }

  /** Whether the client has the last layers as well as the first: labels stay with it. */
  boolean labelsStay() {
    return lastCut != cut;
  }

  /** What both ends of a client's codec agree on. */
  CutPlan cutPlan() {
    return new CutPlan(width, batch * context, budgetBits, startBits, steps, seed);
  }

  /** The same for the last cut, where labels stay. */
  CutPlan lastCutPlan() {
    return new CutPlan(width, batch * context, budgetBits, startBits, steps, seed + 1);
  }

  /** The numbers in the windows of a micro-batch. */
  int windowTokens() {
    return batch * (context + 1);
  }
}
