package io.tributary.codecs.block;

import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

import io.tributary.codec.DeviceTimings;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuPrograms;
import io.tributary.codecs.internal.KernelSettings;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A block codec's arithmetic on an OpenCL device: whole blocks go there in slices, through arrays
 * that stay with the programs; a short last group, and runs too short to be worth the way, go to
 * another kernel. Several lanes take slices in turn, so that transfers and computing overlap.
 *
 * <p>Adding is left to the processor, which has the sums at hand. Each call allocates its entries
 * in the lanes' queues.
 */
public final class BlockGpuKernel implements BlockKernel {
  /** Values in the largest slice; each lane's arrays take 5 bytes for each. */
  private static final int LARGEST_SLICE = 1 << 23;

  private static final int SMALLEST_SLICE = 1 << 16;

  private final BlockLayout layout;
  private final BlockKernel rest;
  private final GpuPrograms<? extends BlockEncodeProgram> encoders;
  private final GpuPrograms<? extends BlockDecodeProgram> decoders;
  private final int least = KernelSettings.GPU_MIN_ELEMENTS.get();

  /**
   * A kernel, with its programs compiled.
   *
   * @param rest the kernel for what doesn't go to the device
   */
  public BlockGpuKernel(
      BlockLayout layout,
      BlockKernel rest,
      GpuPrograms<? extends BlockEncodeProgram> encoders,
      GpuPrograms<? extends BlockDecodeProgram> decoders) {
    this.layout = layout;
    this.rest = rest;
    this.encoders = encoders.compiled();
    this.decoders = decoders.compiled();
  }

  /** Times the programs on blocks of a size. */
  DeviceTimings timings(int block) {
    return new BlockDeviceTimings(encoders, decoders, layout, block);
  }

  private int whole(int count, int block) {
    return count < least ? 0 : BlockLayout.wholeGroups(count, block);
  }

  /** A power of two, so that the arrays of the programs seldom change their size. */
  private static int slice(int whole) {
    int share = Math.max(1, whole / GpuLane.count());
    int rounded = Integer.highestOneBit(Math.max(1, 2 * Math.min(share, LARGEST_SLICE) - 1));
    return Math.max(SMALLEST_SLICE, rounded);
  }

  private static int slices(int whole, int slice) {
    return whole / slice + (whole % slice == 0 ? 0 : 1);
  }

  @Override
  public boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt) {
    int whole = whole(count, block);
    int slice = slice(whole);
    var finite = new AtomicBoolean(true);
    GpuLane.forEachSlice(
        slices(whole, slice),
        (lane, index) -> {
          int first = index * slice;
          int length = Math.min(slice, whole - first);
          BlockEncodeProgram program = encoders.of(lane);
          program.encode(layout, slice, block, source, from + first, length);
          program.getCodes(target, layout.codesAt(codesAt, first), layout.codesAt(0, length));
          int at = scalesAt + SCALE_BYTES * (first / block);
          if (!program.getScales(layout, block, length, target, at)) {
            finite.set(false);
          }
        });
    int restScalesAt = scalesAt + SCALE_BYTES * (whole / block);
    return finite.get()
        && rest.encode(
            source,
            from + whole,
            count - whole,
            block,
            target,
            restScalesAt,
            layout.codesAt(codesAt, whole));
  }

  @Override
  public void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    int whole = whole(count, block);
    decodeWhole(source, scalesAt, codesAt, whole, block, target, from, false);
    rest.decode(
        source,
        scalesAt + SCALE_BYTES * (whole / block),
        layout.codesAt(codesAt, whole),
        count - whole,
        block,
        target,
        from + whole);
  }

  @Override
  public void accumulate(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    int whole = whole(count, block);
    decodeWhole(source, scalesAt, codesAt, whole, block, target, from, true);
    rest.accumulate(
        source,
        scalesAt + SCALE_BYTES * (whole / block),
        layout.codesAt(codesAt, whole),
        count - whole,
        block,
        target,
        from + whole);
  }

  private void decodeWhole(
      byte[] source,
      int scalesAt,
      int codesAt,
      int whole,
      int block,
      float[] target,
      int from,
      boolean add) {
    int slice = slice(whole);
    GpuLane.forEachSlice(
        slices(whole, slice),
        (lane, index) -> {
          int first = index * slice;
          int length = Math.min(slice, whole - first);
          BlockDecodeProgram program = decoders.of(lane);
          program.reserve(layout, slice);
          program.putCodes(source, layout.codesAt(codesAt, first), layout.codesAt(0, length));
          program.putScales(source, scalesAt + SCALE_BYTES * (first / block), block, length);
          program.decode(length);
          program.getValues(target, from + first, length, add);
        });
  }
}
