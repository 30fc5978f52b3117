package io.tributary.codec;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A codec at work on one tensor of one stream, with what it remembers from chunk to chunk and from
 * round to round.
 *
 * <p>A session belongs to one thread at a time. What {@link #save} writes and {@link #restore}
 * reads is exact: a restored session continues bit for bit.
 */
public interface CodecSession {
  /**
   * The stateless codec whose bytes this session writes; a receiver needs nothing else to decode
   * them.
   */
  TensorCodec codec();

  /**
   * Encodes {@code count} values that begin at element {@code first} of the tensor.
   *
   * @return the number of bytes written at {@code at}
   * @throws io.tributary.error.TributaryException as {@link TensorCodec#encode}; the session's
   *     state is then unchanged
   */
  int encode(int first, float[] source, int from, int count, byte[] target, int at);

  /** Writes the session's state; a session without state writes nothing. */
  void save(DataOutput out) throws IOException;

  /**
   * Replaces the session's state by a saved one of a session of the same codec and tensor.
   *
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it is of another size
   */
  void restore(DataInput in) throws IOException;
}
