package io.tributary.codecs.fp4;

/**
 * The arithmetic of both formats: primitive arrays only, no header, no checks. Implementations keep
 * no state between calls, may be called by several threads at once, and give the same bits.
 */
interface Fp4Kernel {
  /** The pattern of the largest magnitude; that of NaN is larger than all others. */
  int largest(float[] source, int from, int count);

  /**
   * Writes scale bytes and codes of {@code count} values.
   *
   * @return whether all values are finite; if not, what was written means nothing
   */
  boolean encode(
      float[] source,
      int from,
      int count,
      Fp4Scales scales,
      byte[] target,
      int scalesAt,
      int codesAt);

  /** Writes {@code count} decoded values, or adds them to what is there. */
  void decode(
      byte[] source,
      int scalesAt,
      int codesAt,
      int count,
      Fp4Scales scales,
      boolean add,
      float[] target,
      int from);
}
