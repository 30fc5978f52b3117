package io.tributary.codecs.internal;

/** Copies values one by one: what a codec's program can at best be as fast as. */
public final class GpuCopyProgram extends GpuProgram {
  /** What is copied. */
  public float[] source = new float[0];

  /** Where to. */
  public float[] target = new float[0];

  @Override
  public void run() {
    int at = getGlobalId();
    target[at] = source[at];
  }
}
