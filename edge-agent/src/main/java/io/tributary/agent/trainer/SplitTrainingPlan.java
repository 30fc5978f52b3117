package io.tributary.agent.trainer;

/**
 * A model that is cut once or twice, and how its parts are trained. With two cuts there is a part
 * between them; the last one may leave no layer above it, but the output alone.
 *
 * @param whole what is trained and how, as if there were no cut
 * @param cut the layers below the first cut, 1 or more and fewer than the model has
 * @param lastCut the layers below the last cut: as many if it is the first one too, up to all of
 *     them
 */
public record SplitTrainingPlan(TrainingPlan whole, int cut, int lastCut) {
  /** Checks the cuts. */
  public SplitTrainingPlan {
    whole.shape().checkCuts(cut, lastCut);
  }

  /** A model that is cut once. */
  public SplitTrainingPlan(TrainingPlan whole, int cut) {
    this(whole, cut, cut);
  }

  /** Values that cross a cut for each token. */
  public int width() {
    return whole.shape().width();
  }
}
