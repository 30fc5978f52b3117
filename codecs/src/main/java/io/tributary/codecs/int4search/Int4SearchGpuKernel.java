package io.tributary.codecs.int4search;

import static io.tributary.codecs.int4search.Int4SearchLayout.BASE_BYTES;
import static io.tributary.codecs.int4search.Int4SearchLayout.SUPERBLOCK;
import static io.tributary.codecs.int4search.Int4SearchLayout.SUPERBLOCK_BYTES;

import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuPrograms;
import io.tributary.codecs.internal.KernelSettings;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * int4search on an OpenCL device: whole superblocks go there in slices, through arrays that stay
 * with the programs; the short last one, and runs too short to be worth the way, go to another
 * kernel. Each call allocates its entries in the lanes' queues.
 */
final class Int4SearchGpuKernel implements Int4SearchKernel {
  private static final int LARGEST_SLICE = 1 << 20;
  private static final int SMALLEST_SLICE = 1 << 16;

  private final Int4SearchKernel rest;
  private final GpuPrograms<Int4SearchEncodeProgram> encoders =
      new GpuPrograms<>(Int4SearchEncodeProgram.class, Int4SearchEncodeProgram::new).compiled();
  private final GpuPrograms<Int4SearchDecodeProgram> decoders =
      new GpuPrograms<>(Int4SearchDecodeProgram.class, Int4SearchDecodeProgram::new).compiled();
  private final int least = KernelSettings.GPU_MIN_ELEMENTS.get();

  Int4SearchGpuKernel(Int4SearchKernel rest) {
    this.rest = rest;
  }

  private int whole(int count) {
    return count < least ? 0 : count - count % SUPERBLOCK;
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
  public int encodeFirst(float[] source, int from, int count, byte[] target, int at) {
    int whole = whole(count);
    int slice = slice(whole);
    var finite = new AtomicBoolean(true);
    GpuLane.forEachSlice(
        slices(whole, slice),
        (lane, index) -> {
          int first = index * slice;
          int length = Math.min(slice, whole - first);
          Int4SearchEncodeProgram program = encoders.of(lane);
          program.encode(slice, source, from + first, length);
          for (int i = 0; i < length / SUPERBLOCK; i++) {
            int to = at + SUPERBLOCK_BYTES * (first / SUPERBLOCK + i);
            if (program.bases[i] < 0) {
              finite.set(false);
              return;
            }
            Int4SearchLayout.putBase(target, to, program.bases[i]);
            int groups = SUPERBLOCK_BYTES - BASE_BYTES;
            System.arraycopy(program.codes, groups * i, target, to + BASE_BYTES, groups);
          }
        });
    return finite.get() ? whole : -1;
  }

  @Override
  public int decodeFirst(byte[] source, int at, int count, float[] target, int from) {
    int whole = whole(count);
    int slice = slice(whole);
    GpuLane.forEachSlice(
        slices(whole, slice),
        (lane, index) -> {
          int first = index * slice;
          int length = Math.min(slice, whole - first);
          Int4SearchDecodeProgram program = decoders.of(lane);
          program.decode(slice, source, at + SUPERBLOCK_BYTES * (first / SUPERBLOCK), length);
          System.arraycopy(program.target, 0, target, from + first, length);
        });
    return whole;
  }

  @Override
  public int largestMagnitude(float[] source, int from, int count) {
    return rest.largestMagnitude(source, from, count);
  }

  @Override
  public void encode(float[] source, int from, int base, byte[] target, int at) {
    rest.encode(source, from, base, target, at);
  }

  @Override
  public void decode(byte[] source, int at, int base, float[] target, int from) {
    rest.decode(source, at, base, target, from);
  }
}
