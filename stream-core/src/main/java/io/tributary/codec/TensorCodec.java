package io.tributary.codec;

import io.tributary.error.TributaryException;

/**
 * Turns runs of float32 values into bytes and back. Stateless and headless: the caller's frame
 * carries the element count and the codec's number; everything else that decoding needs is in the
 * bytes.
 *
 * <p>All methods check the given ranges against the arrays and touch nothing outside them. Encoded
 * bytes are hostile: a decoder throws {@link TributaryException} with code {@code CORRUPT_PAYLOAD}
 * and nothing else, and before it allocates. Instances are safe for use by several threads at once.
 * No method allocates in steady state.
 */
public interface TensorCodec {
  /** The identity under which the bytes travel. */
  CodecId id();

  /**
   * The number of elements that share side information; chunks are cut at its multiples where
   * possible. At least 1.
   */
  int blockElements();

  /**
   * The most bytes that {@code elements} values (0 or more) can take.
   *
   * @throws ArithmeticException if that is more than an array can hold
   */
  int maxEncodedLength(int elements);

  /**
   * Encodes {@code count} values.
   *
   * @return the number of bytes written at {@code at}, at most {@link #maxEncodedLength}
   * @throws TributaryException {@code NON_FINITE} with the element's index, if the codec can't
   *     represent NaN or infinity
   */
  int encode(float[] source, int from, int count, byte[] target, int at);

  /**
   * Decodes exactly {@code count} values out of exactly {@code length} bytes.
   *
   * @throws TributaryException {@code CORRUPT_PAYLOAD} if the bytes aren't a valid encoding of that
   *     many values
   */
  void decode(byte[] source, int at, int length, int count, float[] target, int from);

  /**
   * Decodes and adds: {@code target[from + i] += decoded[i]}, each sum rounded once to float32.
   * Which NaN a sum with NaN is, is not promised.
   *
   * @throws TributaryException {@code CORRUPT_PAYLOAD} as {@link #decode}; the target is then
   *     unchanged
   */
  void accumulate(byte[] source, int at, int length, int count, float[] target, int from);

  /**
   * Whether {@code length} bytes decode to {@code count} finite values, as far as a glance tells
   * that costs less than decoding them: true is a promise, false says nothing. All back ends of a
   * codec say the same.
   *
   * @throws TributaryException {@code CORRUPT_PAYLOAD} if the glance shows what {@link #decode}
   *     would refuse
   */
  default boolean provesFinite(byte[] source, int at, int length, int count) {
    return false;
  }

  /**
   * The expected size in bits of one element when {@code elements} are encoded together, side
   * information included.
   */
  default double bitsPerElement(int elements) {
    return 8.0 * maxEncodedLength(elements) / elements;
  }
}
