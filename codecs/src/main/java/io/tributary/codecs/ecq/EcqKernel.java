package io.tributary.codecs.ecq;

/** The parts of encoding and decoding that go value by value. Stateless, safe for any thread. */
interface EcqKernel {
  /**
   * The largest bit pattern of a magnitude, 0 for no values; from infinity on, some are not finite.
   */
  int largestMagnitude(float[] source, int from, int count);

  /**
   * Quantizes finite values by a plan without low bits, as the package page says.
   *
   * @param codes gets {@code ZERO + code} of each value, clipped to {@link EcqLayout#MAX_CODE} + 1
   * @param sums gets the sum of the magnitudes of each block's codes
   * @param peaks gets the largest of these magnitudes
   */
  void quantize(
      float[] source, int from, int count, EcqPlan plan, byte[] codes, int[] sums, int[] peaks);

  /** Encodes all codes of a chunk, as {@link EcqRans#encode} does. */
  int encode(
      EcqStates streams,
      byte[] codes,
      int count,
      byte[] classes,
      int[] entries,
      byte[] target,
      int end);

  /** Decodes all codes of a chunk, as {@link EcqRans#decode} does. */
  int decode(
      EcqStates streams,
      byte[] source,
      int next,
      int end,
      byte[] codes,
      int count,
      byte[] classes,
      int[] slots);

  /** Adds values to a target, each sum rounded once. */
  void add(float[] values, int count, float[] target, int from);
}
