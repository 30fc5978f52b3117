package io.tributary.agent.trainer;

import io.tributary.tensor.ModelSchema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * One side of a cut model, with its own parameters and optimizer. Gradients of several batches add
 * up until {@link #update}, which takes their mean.
 *
 * <p>Used by one thread at a time, which may block and compute.
 */
public interface SplitPart extends AutoCloseable {
  /** The part's tensors in their fixed order. */
  ModelSchema schema();

  /**
   * Changes the parameters by the mean gradient since the last update.
   *
   * @param step counted from 1, for the learning rate
   * @throws io.tributary.error.TributaryException {@code NON_FINITE} for gradients that aren't
   *     finite; they are forgotten, nothing else is changed
   */
  void update(long step);

  /**
   * Keeps the gradients so far, whatever {@link #refuse} forgets before the next update: they are
   * another contributor's than those that follow.
   */
  void keep();

  /** Forgets the gradients since the last update or {@link #keep}: they are refused. */
  void refuse();

  /** Writes parameters, optimizer moments and counters; between two steps. */
  void saveState(DataOutput out) throws IOException;

  /** Replaces the state by a saved one of the same schema. */
  void restoreState(DataInput in) throws IOException;

  @Override
  void close();
}
