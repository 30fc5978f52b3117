package io.tributary.codecs.block;

import static io.tributary.codecs.block.BlockLayout.HALF;
import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

import io.tributary.codec.DeviceTimings;
import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.KernelSettings;
import java.util.Arrays;

/**
 * A block codec's arithmetic on an OpenCL device: whole blocks go there in slices, through arrays
 * that stay with the programs; a short last group, and runs too short to be worth the way, go to
 * another kernel.
 *
 * <p>Adding is left to the processor, which has the sums at hand. Callers of several threads queue
 * for the GPU thread; each call allocates its entry in that queue.
 */
public final class BlockGpuKernel implements BlockKernel {
  /** Values in the largest slice; the arrays of a program take 5 bytes for each. */
  private static final int LARGEST_SLICE = 1 << 22;

  private static final int SMALLEST_SLICE = 1 << 16;

  private final BlockLayout layout;
  private final BlockKernel rest;
  private final BlockEncodeProgram encoder;
  private final BlockDecodeProgram decoder;
  private final int least = KernelSettings.GPU_MIN_ELEMENTS.get();

  /**
   * A kernel.
   *
   * @param rest the kernel for what doesn't go to the device
   */
  public BlockGpuKernel(
      BlockLayout layout,
      BlockKernel rest,
      BlockEncodeProgram encoder,
      BlockDecodeProgram decoder) {
    this.layout = layout;
    this.rest = rest;
    this.encoder = encoder;
    this.decoder = decoder;
  }

  /** Times the programs on blocks of a size. */
  DeviceTimings timings(int block) {
    return new BlockDeviceTimings(encoder, decoder, layout, block);
  }

  private int whole(int count, int block) {
    return count < least ? 0 : BlockLayout.wholeGroups(count, block);
  }

  private static int slice(int whole) {
    int rounded = Integer.highestOneBit(Math.max(1, 2 * Math.min(whole, LARGEST_SLICE) - 1));
    return Math.max(SMALLEST_SLICE, rounded);
  }

  @Override
  public boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt) {
    int whole = whole(count, block);
    boolean finite =
        whole == 0
            || GpuDevice.onThread(
                () -> encodeWhole(source, from, whole, block, target, scalesAt, codesAt));
    int restScalesAt = scalesAt + SCALE_BYTES * (whole / block);
    return finite
        && rest.encode(
            source,
            from + whole,
            count - whole,
            block,
            target,
            restScalesAt,
            layout.codesAt(codesAt, whole));
  }

  private boolean encodeWhole(
      float[] source, int from, int whole, int block, byte[] target, int scalesAt, int codesAt) {
    int slice = slice(whole);
    BlockEncodeProgram program = encoder;
    if (program.source.length != slice) {
      program.source = new float[slice];
      program.codes = new byte[layout.codesAt(0, slice)];
      program.scales = new int[slice / HALF];
    }
    program.halvesMask = block / HALF - 1;
    boolean finite = true;
    for (int i = 0; i < whole && finite; i += slice) {
      int length = Math.min(slice, whole - i);
      int tiles = (length + BlockEncodeProgram.TILE - 1) / BlockEncodeProgram.TILE;
      System.arraycopy(source, from + i, program.source, 0, length);
      Arrays.fill(program.source, length, tiles * BlockEncodeProgram.TILE, 0f);
      program.put(program.source);
      GpuDevice.execute(program, tiles);
      program.get(program.codes);
      program.get(program.scales);
      int at = layout.codesAt(codesAt, i);
      System.arraycopy(program.codes, 0, target, at, layout.codesAt(0, length));
      finite =
          putScales(program.scales, length, block, target, scalesAt + SCALE_BYTES * (i / block));
    }
    return finite;
  }

  private boolean putScales(int[] halfScales, int length, int block, byte[] target, int at) {
    for (int i = 0; i < length / block; i++) {
      int scale = halfScales[i * (block / HALF)];
      if (scale > layout.scale().largest()) {
        return false;
      }
      BlockScale.put(target, at + SCALE_BYTES * i, scale);
    }
    return true;
  }

  @Override
  public void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    int whole = whole(count, block);
    if (whole > 0) {
      GpuDevice.onThread(
          () -> decodeWhole(source, scalesAt, codesAt, whole, block, target, from, false));
    }
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
    if (whole > 0) {
      GpuDevice.onThread(
          () -> decodeWhole(source, scalesAt, codesAt, whole, block, target, from, true));
    }
    rest.accumulate(
        source,
        scalesAt + SCALE_BYTES * (whole / block),
        layout.codesAt(codesAt, whole),
        count - whole,
        block,
        target,
        from + whole);
  }

  private int decodeWhole(
      byte[] source,
      int scalesAt,
      int codesAt,
      int whole,
      int block,
      float[] target,
      int from,
      boolean add) {
    int slice = slice(whole);
    BlockDecodeProgram program = decoder;
    if (program.target.length != slice) {
      program.target = new float[slice];
      program.codes = new byte[layout.codesAt(0, slice)];
      program.scales = new float[slice / HALF];
    }
    program.blockShift = Integer.numberOfTrailingZeros(block);
    for (int i = 0; i < whole; i += slice) {
      int length = Math.min(slice, whole - i);
      System.arraycopy(
          source, layout.codesAt(codesAt, i), program.codes, 0, layout.codesAt(0, length));
      for (int j = 0; j < length / block; j++) {
        int scale = BlockScale.get(source, scalesAt + SCALE_BYTES * (i / block + j));
        program.scales[j] = BlockScale.value(scale);
      }
      program.put(program.codes);
      program.put(program.scales);
      GpuDevice.execute(program, (length + BlockDecodeProgram.TILE - 1) / BlockDecodeProgram.TILE);
      program.get(program.target);
      if (add) {
        add(program.target, length, target, from + i);
      } else {
        System.arraycopy(program.target, 0, target, from + i, length);
      }
    }
    return whole;
  }

  private static void add(float[] addends, int count, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] += addends[i];
    }
  }
}
