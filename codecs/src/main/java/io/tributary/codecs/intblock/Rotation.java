package io.tributary.codecs.intblock;

/**
 * The rotation of blocks: signs, then a fast Walsh-Hadamard transform. Its sums are those of the
 * butterflies in their usual order, neighbours first, so that every back end has the same bits.
 * Implementations keep no state and are safe for any thread.
 */
interface Rotation {
  /**
   * Writes whole blocks of values with their signs changed, divided by twice the block size and
   * transformed; no sum overflows then.
   *
   * @param count a multiple of the block size
   */
  void forward(float[] source, int from, int count, int block, float[] target);

  /**
   * Transforms whole blocks of what codes mean, in place, changes signs and multiplies by twice the
   * block's scale. All of that is exact. What would not be finite becomes the largest float32, and
   * minus zero becomes plus zero.
   *
   * @param scales holds the blocks' scales from {@code scalesAt} on
   */
  void backward(float[] values, int count, int block, byte[] scales, int scalesAt);

  /**
   * The signs of the values of a block, times a factor: value i has a minus where bit i % 64 of
   * word i / 64 of the fraction of pi is set.
   */
  static float[] signs(float factor) {
    long[] words = {
      0x243F_6A88_85A3_08D3L, 0x1319_8A2E_0370_7344L, 0xA409_3822_299F_31D0L, 0x082E_FA98_EC4E_6C89L
    };
    var signs = new float[256];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = (words[i >>> 6] >>> i & 1) == 0 ? factor : -factor;
    }
    return signs;
  }
}
