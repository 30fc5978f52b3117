package io.tributary.codecs.internal;

/** Copies tiles of 1024 values: what a codec's program can at best be as fast as. */
public final class GpuCopyProgram extends GpuProgram {
  /** Values that a work group copies. */
  public static final int TILE = 1024;

  /** What is copied. */
  public float[] source = new float[0];

  /** Where to. */
  public float[] target = new float[0];

  @Override
  public void run() {
    int at = getGroupId() * 1024 + getLocalId();
    for (int i = 0; i < 8; i++) {
      target[at + i * 128] = source[at + i * 128];
    }
  }
}
