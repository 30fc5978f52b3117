package io.tributary.codec;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The end of a cut that sends activations and gets their gradients back, with a codec that learns:
 * gradients tell it what matters, a budget what it may cost. The other end is a {@link
 * LearnedPeer}.
 *
 * <p>What is learned lies in tables with version numbers, which travel as side messages before the
 * first message that needs them. One step is
 *
 * <pre>
 *   table = takeTable()                    sent if it isn't empty
 *   encode(rows, activations)              sent
 *   decodeGradient(rows, what came back)
 *   feedback(rows, activations, gradients)
 *   update()                               once a training step, after all its messages
 * </pre>
 *
 * <p>Several messages may be under way; their feedback may come in any order. A session belongs to
 * one thread at a time. What {@link #save} writes and {@link #restore} reads is exact, provided no
 * message is under way.
 */
public interface LearnedCodec extends AutoCloseable {
  /** The identity under which the bytes travel. */
  CodecId id();

  /** The most bytes that activations of so many rows can take. */
  int maxEncodedLength(int rows);

  /** The side message that must travel before the next message, or no bytes if there is none. */
  byte[] takeTable();

  /**
   * Answers a peer that lacks a table.
   *
   * @param request what {@link LearnedPeer#request} made
   * @return the side message that brings it
   * @throws io.tributary.error.TributaryException {@code CORRUPT_PAYLOAD} if it isn't a request,
   *     {@code UNKNOWN_TABLE} for a version that this end has given up or never had
   */
  byte[] answer(byte[] request);

  /**
   * Encodes activations.
   *
   * @param source {@code rows.count() * channels} values from {@code from} on, row by row
   * @return the number of bytes written at {@code at}
   * @throws io.tributary.error.TributaryException {@code NON_FINITE} with row and channel if a
   *     value isn't finite, {@code INVALID_SETTING} for more rows than planned, {@code
   *     LIMIT_EXCEEDED} for more messages under way than the codec remembers; nothing is changed
   *     then
   */
  int encode(CutRows rows, float[] source, int from, byte[] target, int at);

  /**
   * Decodes the gradients of a message's rows.
   *
   * @throws io.tributary.error.TributaryException {@code CORRUPT_PAYLOAD}, also if they are of
   *     other rows
   */
  void decodeGradient(CutRows rows, byte[] source, int at, int length, float[] target, int from);

  /**
   * Learns from a message under way, and forgets it. Gradients of activations that were cut off at
   * the end of their range become zero in place, as they have no effect on what was received.
   *
   * @param activations those that were encoded, unchanged
   * @param gradients of the loss by what the other end decoded, the same rows
   * @throws io.tributary.error.TributaryException {@code NON_FINITE} for gradients that aren't
   *     finite; the message is forgotten, nothing learned; {@code PROTOCOL_VIOLATION} for a message
   *     that isn't under way
   */
  void feedback(CutRows rows, float[] activations, int from, float[] gradients, int gradientsFrom);

  /**
   * Forgets a message under way without learning from it, such as one whose gradients were lost.
   */
  void abandon(CutRows rows);

  /**
   * Adds derivatives of the loss by each channel's bits, from a caller who knows them otherwise
   * than by {@link #feedback}. Codecs that learn no bits ignore them.
   */
  default void addSlopes(float[] slopes) {}

  /**
   * The derivatives of the loss by each channel's bits, summed since the last update; no numbers
   * for codecs that learn no bits.
   */
  default float[] slopes() {
    return new float[0];
  }

  /** Takes one step of learning, with all feedback since the one before. */
  void update();

  /** Bits of each channel's values at present, codes alone; fractions where bits are learned. */
  float[] bits();

  /** Writes the state. */
  void save(DataOutput out) throws IOException;

  /**
   * Replaces the state by a saved one of the same plan.
   *
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it is of another plan
   */
  void restore(DataInput in) throws IOException;

  /** Releases memory outside the heap, if any. */
  @Override
  default void close() {}
}
