package io.tributary.agent.trainer;

/**
 * A model that is cut in two, and how both parts are trained.
 *
 * @param whole what is trained and how, as if there were no cut
 * @param cut the layers below the cut, 1 or more and fewer than the model has
 */
public record SplitTrainingPlan(TrainingPlan whole, int cut) {
  /** Checks the cut. */
  public SplitTrainingPlan {
    whole.shape().checkCut(cut);
  }

  /** Values that cross the cut for each token. */
  public int width() {
    return whole.shape().width();
  }
}
