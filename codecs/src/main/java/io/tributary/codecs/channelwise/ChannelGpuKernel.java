package io.tributary.codecs.channelwise;

import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuPrograms;
import io.tributary.codecs.internal.KernelSettings;

/**
 * The passes on an OpenCL device, for messages that are worth the way there; others, and the rows
 * that are no whole tile, are the processor's. Tiles go by several lanes; sums over rows, which
 * have their order, by one.
 */
final class ChannelGpuKernel implements ChannelKernel {
  final GpuPrograms<ChannelMeasureProgram> measures =
      new GpuPrograms<>(ChannelMeasureProgram.class, () -> new ChannelMeasureProgram()).compiled();
  final GpuPrograms<ChannelPackProgram> packs =
      new GpuPrograms<>(ChannelPackProgram.class, () -> new ChannelPackProgram()).compiled();
  final GpuPrograms<ChannelUnpackProgram> unpacks =
      new GpuPrograms<>(ChannelUnpackProgram.class, () -> new ChannelUnpackProgram()).compiled();
  final GpuPrograms<ChannelSlopesProgram> slopers =
      new GpuPrograms<>(ChannelSlopesProgram.class, () -> new ChannelSlopesProgram()).compiled();
  private final ChannelKernel rest;
  private final int least = KernelSettings.GPU_MIN_ELEMENTS.get();

  /**
   * A kernel, with its programs compiled.
   *
   * @param rest the kernel for what doesn't go to the device
   */
  ChannelGpuKernel(ChannelKernel rest) {
    this.rest = rest;
  }

  private boolean isShort(int rows, int channels) {
    return (long) rows * channels < least;
  }

  @Override
  public void measure(float[] source, int[] at, int rows, ChannelMoments moments) {
    if (isShort(rows, moments.channels())) {
      rest.measure(source, at, rows, moments);
      return;
    }
    moments.begin(source, at[0], rows);
    int most = ChannelProgram.rowsAtOnce(moments.channels());
    GpuLane.forEachSlice(
        1,
        (lane, slice) -> {
          ChannelMeasureProgram program = measures.of(lane);
          program.begin(moments);
          for (int row = 0; row < rows; row += most) {
            program.load(source, at, row, Math.min(most, rows - row));
            program.runItems(moments.channels());
          }
          program.end(moments);
        });
  }

  @Override
  public void pack(
      float[] source, int[] at, int rows, ChannelGrid grid, int noise, byte[] target, int to) {
    if (isShort(rows, grid.channels())) {
      rest.pack(source, at, rows, grid, noise, target, to);
      return;
    }
    int whole = rows - rows % ChannelGrid.TILE;
    int most = ChannelProgram.rowsAtOnce(grid.channels());
    GpuLane.forEachSlice(
        (whole + most - 1) / most,
        (lane, slice) -> {
          int row = slice * most;
          ChannelPackProgram program = packs.of(lane);
          program.begin(grid, noise);
          program.load(source, at, row, Math.min(most, whole - row));
          program.runItems(program.items());
          program.end(target, to + row / ChannelGrid.TILE * grid.tileLength());
        });
    int end = to + whole / ChannelGrid.TILE * grid.tileLength();
    ChannelScalarKernel.packRest(source, at, whole, rows, grid, noise, target, end);
  }

  @Override
  public void unpack(
      byte[] source, int from, int rows, ChannelGrid grid, float[] target, int[] at) {
    if (isShort(rows, grid.channels())) {
      rest.unpack(source, from, rows, grid, target, at);
      return;
    }
    int whole = rows - rows % ChannelGrid.TILE;
    int most = ChannelProgram.rowsAtOnce(grid.channels());
    GpuLane.forEachSlice(
        (whole + most - 1) / most,
        (lane, slice) -> {
          int row = slice * most;
          ChannelUnpackProgram program = unpacks.of(lane);
          program.begin(grid);
          int codes = from + row / ChannelGrid.TILE * grid.tileLength();
          program.load(source, codes, Math.min(most, whole - row));
          program.runItems(program.items());
          program.end(target, at, row);
        });
    int end = from + whole / ChannelGrid.TILE * grid.tileLength();
    ChannelScalarKernel.unpackRest(source, end, whole, rows, grid, target, at);
  }

  @Override
  public void slopes(
      float[] source,
      int[] at,
      float[] gradients,
      int[] gradientsAt,
      int rows,
      ChannelGrid coarse,
      ChannelGrid fine,
      float[] slopes) {
    if (isShort(rows, slopes.length)) {
      rest.slopes(source, at, gradients, gradientsAt, rows, coarse, fine, slopes);
      return;
    }
    int most = ChannelProgram.rowsAtOnce(slopes.length);
    GpuLane.forEachSlice(
        1,
        (lane, slice) -> {
          ChannelSlopesProgram program = slopers.of(lane);
          program.begin(coarse, fine, slopes);
          for (int row = 0; row < rows; row += most) {
            int count = Math.min(most, rows - row);
            program.load(source, at, gradients, gradientsAt, row, count);
            program.runItems(slopes.length);
          }
          program.end(slopes);
        });
  }
}
