package io.tributary.codecs.element;

/**
 * The arithmetic of an element codec on a run of values: primitive arrays only, no checks.
 *
 * <p>The codec around it has checked all ranges. Implementations keep no state between calls and
 * may be called by several threads at once. All implementations of one codec give the same bits.
 */
public interface ElementKernel {
  /** Writes {@code count} encoded values. */
  void encode(float[] source, int from, int count, byte[] target, int at);

  /** Writes {@code count} decoded values. */
  void decode(byte[] source, int at, int count, float[] target, int from);

  /** Adds {@code count} decoded values to what is there. */
  void accumulate(byte[] source, int at, int count, float[] target, int from);

  /** Whether all values are finite, if that can be told faster than by decoding them. */
  default boolean provesFinite(byte[] source, int at, int count) {
    return false;
  }
}
