package io.tributary.agent.trainer;

import io.tributary.tensor.ModelSchema;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * One replica of a model that trains by itself: named float32 tensors, one inner step at a time,
 * and a state that saves and restores exactly.
 *
 * <p>Everything random comes from (seed, participant, step), so step {@code t} uses the same data
 * whether or not steps before it ran in this process. Restored state plus {@code k} steps equals
 * {@code k} undisturbed steps bit for bit (same machine, JDK and native build, one thread).
 *
 * <p>Used by one thread at a time, which may block and compute.
 */
public interface Trainer extends AutoCloseable {
  /** The model's tensors in their fixed order. */
  ModelSchema schema();

  /** Copies the current local values of one tensor to {@code into}, beginning at {@code at}. */
  void read(int tensor, float[] into, int at);

  /**
   * Replaces the local values of one tensor by {@code from}, beginning at {@code at}. Optimizer
   * moments are kept.
   */
  void write(int tensor, float[] from, int at);

  /**
   * Runs inner step {@code step} (counted from 1): forward, backward, optimizer.
   *
   * @return the mean training loss a token, in nats, and the number of tokens
   */
  StepResult step(long step);

  /** The mean loss a token, in nats, of the current local values on the held-out text. */
  double heldOutLoss();

  /** Continues {@code prompt} with the current local values; the same seed gives the same text. */
  String sample(String prompt, int length, long seed);

  /** Writes parameters, optimizer moments and counters. */
  void saveState(DataOutput out) throws IOException;

  /** Replaces the state by a saved one of the same schema. */
  void restoreState(DataInput in) throws IOException;

  @Override
  void close();
}
