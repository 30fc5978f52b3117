package io.tributary.codecs.sketch;

import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuPrograms;
import io.tributary.codecs.internal.KernelSettings;

/**
 * The chunk update on an OpenCL device, for runs of rows that are worth the way there; all else is
 * the processor's. Rows go there once for both halves of an update, beside vectors that are short
 * against a run. Calls of several sketches at once use several lanes.
 */
final class SketchGpuKernel implements SketchKernel {
  /** The most values of a tile, and its most rows, each of which has products of its own. */
  private static final int TILE_VALUES = 1 << 22;

  private static final int TILE_ROWS = 1 << 12;
  private static final int LEAST_SLICE = 1 << 12;

  private final SketchKernel rest;
  private final GpuPrograms<SketchProjectProgram> programs =
      new GpuPrograms<>(SketchProjectProgram.class, () -> new SketchProjectProgram()).compiled();
  private final int least = KernelSettings.GPU_MIN_ELEMENTS.get();

  /**
   * A kernel, with its program compiled.
   *
   * @param rest the kernel for what doesn't go to the device
   */
  SketchGpuKernel(SketchKernel rest) {
    this.rest = rest;
  }

  @Override
  public int tileRows(int width) {
    return Math.max(rest.tileRows(width), Math.min(TILE_ROWS, TILE_VALUES / width));
  }

  @Override
  public void energies(float[] rows, int from, int count, int width, double[] target) {
    rest.energies(rows, from, count, width, target);
  }

  @Override
  public void products(
      float[] rows,
      int from,
      int count,
      int width,
      double[] vectors,
      int columns,
      double[] target) {
    rest.products(rows, from, count, width, vectors, columns, target);
  }

  @Override
  public void gram(float[] rows, int from, int count, int width, double[] target) {
    rest.gram(rows, from, count, width, target);
  }

  @Override
  public void accumulate(
      float[] rows,
      int from,
      int count,
      int width,
      double[] factors,
      int columns,
      double[] vectors) {
    rest.accumulate(rows, from, count, width, factors, columns, vectors);
  }

  @Override
  public void project(
      float[] rows,
      int from,
      int count,
      int width,
      double[] vectors,
      int columns,
      double[] products,
      double[] sums) {
    if (count * width < least) {
      rest.project(rows, from, count, width, vectors, columns, products, sums);
      return;
    }
    // A power of two, so that the arrays of the programs seldom change their size.
    int slice = Integer.highestOneBit(Math.max(LEAST_SLICE, 2 * count * width - 1));
    GpuLane.forEachSlice(
        1,
        (lane, index) ->
            programs
                .of(lane)
                .project(rows, from, count, slice, width, vectors, columns, products, sums));
  }
}
