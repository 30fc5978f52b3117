package io.tributary.codecs.channelwise;

import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.GpuProgram;

/**
 * A pass over rows on an OpenCL device. Rows lie there one behind the other, as many at a time as
 * {@link #rowsAtOnce} says. Numbers are rounded by {@code rint}: the processor's kernels add and
 * subtract a large number instead, and a device may contract such a sum with the product before.
 */
abstract class ChannelProgram extends GpuProgram {
  /** Values that lie on the device at a time. */
  private static final int SLICE = 1 << 22;

  /** Values in a row. */
  protected int channels;

  /** Rows on the device. */
  protected int rows;

  /** The rows that are handed over together, whole tiles of them. */
  static int rowsAtOnce(int channels) {
    return Math.max(1, SLICE / channels / ChannelGrid.TILE) * ChannelGrid.TILE;
  }

  /** Copies rows together, for the way to the device. */
  static void gather(float[] source, int[] at, int row, int count, int channels, float[] together) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(source, at[row + i], together, i * channels, channels);
    }
  }

  /** Runs the pass with so many work items at least; on the lane's thread. */
  final void runItems(int items) {
    GpuDevice.execute(this, groups(items));
  }

  /** The mean time of the pass over what lies on the device; on the lane's thread. */
  final double secondsOf(int items, int passes) {
    return GpuDevice.seconds(this, groups(items), passes);
  }

  private static int groups(int items) {
    return (items + ITEMS - 1) / ITEMS;
  }
}
