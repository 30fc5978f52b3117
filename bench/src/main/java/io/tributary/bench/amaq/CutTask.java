package io.tributary.bench.amaq;

import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitTop;
import java.util.List;
import java.util.function.IntFunction;

/** A model that is cut, and what it is to learn. */
interface CutTask {
  /** What the model is called in the rows. */
  String model();

  /** A record of how large everything is; rows of other sizes can't be compared. */
  Record scale();

  /** Values a row across the cut. */
  int channels();

  /** The most rows of a message, padding included. */
  int maxRows();

  /** Steps of training. */
  int steps();

  /** The part below the cut. */
  SplitBottom openBottom(long seed);

  /** The part above the cut. */
  SplitTop openTop(long seed);

  /** The batches of steps, counted from 1. */
  IntFunction<CutBatch> training(long seed);

  /** What is measured in the end, whatever the seed. */
  List<CutBatch> heldOut();

  /** The loss of a guess, beyond which a model has diverged. */
  double guess();
}
