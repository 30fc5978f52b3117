package io.tributary.agent.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A server's end for one client, in terms of whole messages.
 *
 * <p>Used by one thread at a time.
 */
interface ServedEnd extends AutoCloseable {
  /**
   * What was learned from a micro-batch.
   *
   * @param values what goes back
   * @param loss mean a token, in nats
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes on their way: equality is of no interest
  record Learned(byte[] values, double loss) {}

  /** Takes a table of the first cut. */
  void table(byte[] message);

  /** What to ask the client for when a table of the first cut is missing. */
  byte[] request(int version);

  /**
   * Answers a client that lacks a table of the last cut.
   *
   * @throws io.tributary.error.TributaryException {@code PROTOCOL_VIOLATION} if the client has no
   *     end of another cut
   */
  byte[] answer(byte[] request);

  /**
   * Passes on a micro-batch to the last cut, where labels stay.
   *
   * @param index of the micro-batch
   * @throws io.tributary.codec.UnknownTableException if a table must come first
   * @throws io.tributary.error.TributaryException as {@link #learn}
   */
  SplitParts pass(int index, SplitParts activations);

  /**
   * Learns from a micro-batch.
   *
   * @param index of the micro-batch
   * @param message its activations and windows; where labels stay, what came back of {@link #pass}
   * @throws io.tributary.codec.UnknownTableException if a table must come first
   * @throws io.tributary.error.TributaryException {@code NON_FINITE} if the step must be refused,
   *     other codes for what contradicts the terms
   */
  Learned learn(int index, SplitParts message);

  /**
   * Measures activations; where labels stay it leaves that to the client and passes them on.
   *
   * @throws io.tributary.codec.UnknownTableException if a table must come first
   */
  SplitParts measure(SplitParts message);

  /** All micro-batches of a step of the client are learned from. */
  void update();

  /** Gives up micro-batches that were passed on: nothing will come back. */
  void abandon();

  /** Writes the state; between two steps of the client. */
  void save(DataOutput out) throws IOException;

  /** Replaces the state by a saved one. */
  void restore(DataInput in) throws IOException;

  @Override
  void close();
}
