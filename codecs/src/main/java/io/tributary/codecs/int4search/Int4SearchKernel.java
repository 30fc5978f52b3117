package io.tributary.codecs.int4search;

/** Works on whole groups of 256 finite values. Stateless, safe for any thread. */
interface Int4SearchKernel {
  int MAGNITUDE = 0x7FFF_FFFF;

  /**
   * Encodes whole superblocks from the first on, where the kernel takes many at a time.
   *
   * @return the number of values encoded, or -1 if one of them isn't finite
   */
  default int encodeFirst(float[] source, int from, int count, byte[] target, int at) {
    return 0;
  }

  /**
   * Decodes whole superblocks from the first on, where the kernel takes many at a time.
   *
   * @return the number of values decoded
   */
  default int decodeFirst(byte[] source, int at, int count, float[] target, int from) {
    return 0;
  }

  /** The largest bit pattern of a magnitude, 0 for no values. */
  int largestMagnitude(float[] source, int from, int count);

  /**
   * Encodes a group.
   *
   * @param base the pattern of the superblock's smallest scale, shifted down
   */
  void encode(float[] source, int from, int base, byte[] target, int at);

  /** Decodes a group. */
  void decode(byte[] source, int at, int base, float[] target, int from);
}
