package io.tributary.codecs.channelwise;

/**
 * The passes over the values of a message. Rows are given by where they begin, so that some may be
 * left out. Stateless, safe for any thread.
 */
public interface ChannelKernel {
  /** Says that codes are rounded to nearest, instead of a seed for random rounding. */
  int TO_NEAREST = 0;

  /**
   * Fills moments.
   *
   * @param at where the rows begin in {@code source}
   */
  void measure(float[] source, int[] at, int rows, ChannelMoments moments);

  /**
   * Quantizes and packs finite values. The code of x is {@code clip((x - z) * r, 0, top) + u}
   * rounded to the nearest integer, ties to even, and at most top; u is 0, or random in [-1/2, 1/2)
   * by seed, row and channel.
   *
   * @param noise {@link #TO_NEAREST} or a seed
   * @param to where {@link ChannelGrid#packedLength} bytes are written in {@code target}
   */
  void pack(float[] source, int[] at, int rows, ChannelGrid grid, int noise, byte[] target, int to);

  /** Unpacks codes and writes their values. */
  void unpack(byte[] source, int from, int rows, ChannelGrid grid, float[] target, int[] at);

  /**
   * For each channel the sum over rows of {@code g * (f - c)}: gradient times what the value of the
   * finer grid lies above that of the coarser one. Both grids round to nearest.
   *
   * @param slopes gets the sums added, each by an fma in the order of rows
   */
  void slopes(
      float[] source,
      int[] at,
      float[] gradients,
      int[] gradientsAt,
      int rows,
      ChannelGrid coarse,
      ChannelGrid fine,
      float[] slopes);
}
