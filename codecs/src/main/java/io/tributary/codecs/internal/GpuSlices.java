package io.tributary.codecs.internal;

/** How a run of values is cut into slices that the lanes take in turn. Safe for any thread. */
public final class GpuSlices {
  /** Values in the largest slice; each lane's arrays take 5 to 8 bytes for each. */
  private static final int LARGEST = 1 << 23;

  private static final int SMALLEST = 1 << 16;

  private GpuSlices() {}

  /** What is done with a slice. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does one slice; on the lane's thread.
     *
     * @param size the values of a slice, the same for all but the last
     * @param first the first value
     * @param count the values of this slice
     */
    void run(GpuLane lane, int size, int first, int count);
  }

  /** Does all slices of {@code values} values and waits for them, see {@link GpuLane}. */
  public static void forEach(int values, Work work) {
    int size = size(values);
    GpuLane.forEachSlice(
        values / size + (values % size == 0 ? 0 : 1),
        (lane, index) -> {
          int first = index * size;
          work.run(lane, size, first, Math.min(size, values - first));
        });
  }

  /** A power of two, so that the arrays of the programs seldom change their size. */
  private static int size(int values) {
    int share = Math.max(1, values / GpuLane.count());
    int rounded = Integer.highestOneBit(Math.max(1, 2 * Math.min(share, LARGEST) - 1));
    return Math.max(SMALLEST, rounded);
  }
}
