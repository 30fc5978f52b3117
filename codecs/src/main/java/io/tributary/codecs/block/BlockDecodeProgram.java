package io.tributary.codecs.block;

import io.tributary.codecs.internal.GpuProgram;

/** What the OpenCL decoders of block codecs have in common: their arrays. */
public abstract class BlockDecodeProgram extends GpuProgram {
  /** Values that a work group decodes. */
  public static final int TILE = BlockEncodeProgram.TILE;

  /** The codes, in the codec's own order. */
  protected byte[] codes = new byte[0];

  /** The scale of each block, as a number. */
  protected float[] scales = new float[0];

  /** What the codes mean. */
  protected float[] target = new float[0];

  /** The base-2 logarithm of the block size. */
  protected int blockShift;
}
