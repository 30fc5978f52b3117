package io.tributary.codecs.block;

import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

import io.tributary.codec.DeviceTimings;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuPrograms;
import io.tributary.codecs.internal.GpuSlices;
import io.tributary.codecs.internal.GpuTimings;
import io.tributary.codecs.internal.KernelSettings;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A block codec's arithmetic on an OpenCL device: whole blocks go there in slices, through arrays
 * that stay with the programs; a short last group, and runs too short to be worth the way, go to
 * another kernel. Several lanes take slices in turn, so that transfers and computing overlap.
 *
 * <p>Sums travel to the device and back. Each call allocates its entries in the lanes' queues.
 */
public final class BlockGpuKernel implements BlockKernel {
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
    return new GpuTimings(
        (lane, count) -> {
          BlockEncodeProgram program = encoders.of(lane);
          program.encode(layout, count, block, GpuTimings.ramp(count), 0, count);
          return program;
        },
        (lane, count) -> {
          BlockDecodeProgram program = loadZeros(lane, block, count);
          program.putNoSums();
          return program;
        },
        (lane, count) -> {
          BlockDecodeProgram program = loadZeros(lane, block, count);
          program.putSums(new float[count], 0, count);
          return program;
        });
  }

  private BlockDecodeProgram loadZeros(GpuLane lane, int block, int count) {
    int codesLength = layout.codesAt(0, count);
    var encoded = new byte[codesLength + SCALE_BYTES * (count / block)];
    BlockDecodeProgram program = decoders.of(lane);
    program.reserve(layout, count);
    program.putCodes(encoded, 0, codesLength);
    program.putScales(encoded, codesLength, block, count);
    return program;
  }

  private int whole(int count, int block) {
    return count < least ? 0 : BlockLayout.wholeGroups(count, block);
  }

  @Override
  public boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt) {
    int whole = whole(count, block);
    var finite = new AtomicBoolean(true);
    GpuSlices.forEach(
        whole,
        (lane, slice, first, length) -> {
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
    GpuSlices.forEach(
        whole,
        (lane, slice, first, length) -> {
          BlockDecodeProgram program = decoders.of(lane);
          program.reserve(layout, slice);
          program.putCodes(source, layout.codesAt(codesAt, first), layout.codesAt(0, length));
          program.putScales(source, scalesAt + SCALE_BYTES * (first / block), block, length);
          if (add) {
            program.putSums(target, from + first, length);
          } else {
            program.putNoSums();
          }
          program.decode(length);
          program.getValues(target, from + first, length);
        });
  }
}
