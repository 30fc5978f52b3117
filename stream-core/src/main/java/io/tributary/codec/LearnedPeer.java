package io.tributary.codec;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The end of a cut that receives activations and sends gradients back. It learns nothing by itself:
 * tables come from the {@link LearnedCodec} at the other end.
 *
 * <p>All bytes are hostile: only declared errors leave, before anything is allocated, and the
 * session is as it was. Belongs to one thread at a time.
 */
public interface LearnedPeer extends AutoCloseable {
  /** The identity under which the bytes travel. */
  CodecId id();

  /**
   * Takes a table.
   *
   * @throws io.tributary.error.TributaryException {@code CORRUPT_PAYLOAD} if it isn't one, {@code
   *     UNKNOWN_TABLE} if it is the change of a table that never came: ask for it
   */
  void acceptTable(byte[] source, int at, int length);

  /** What to send to the other end to get a table; {@link UnknownTableException} says which. */
  byte[] request(int version);

  /**
   * Decodes activations.
   *
   * @param target room for {@link CutPlan#maxRows} rows from {@code from} on
   * @return the rows that came
   * @throws io.tributary.error.TributaryException {@code CORRUPT_PAYLOAD} if the bytes aren't a
   *     valid encoding of at most that many rows
   * @throws UnknownTableException {@code UNKNOWN_TABLE} if they need a table that isn't here
   */
  CutRows decode(byte[] source, int at, int length, float[] target, int from);

  /** The most bytes that gradients of so many rows can take. */
  int maxGradientLength(int rows);

  /**
   * Encodes the gradients of the rows of a message.
   *
   * @return the number of bytes written at {@code at}
   * @throws io.tributary.error.TributaryException {@code NON_FINITE} with row and channel
   */
  int encodeGradient(CutRows rows, float[] source, int from, byte[] target, int at);

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
