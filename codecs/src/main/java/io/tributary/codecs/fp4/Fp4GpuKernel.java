package io.tributary.codecs.fp4;

import static io.tributary.codecs.fp4.Fp4Format.GROUP;

import io.tributary.codec.DeviceTimings;
import io.tributary.codecs.block.BlockScale;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuPrograms;
import io.tributary.codecs.internal.GpuSlices;
import io.tributary.codecs.internal.GpuTimings;
import io.tributary.codecs.internal.KernelSettings;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Both formats on an OpenCL device: whole groups go there in slices; a short last group, short runs
 * and the largest magnitude of a chunk are left to another kernel. Each call allocates its entries
 * in the lanes' queues.
 */
final class Fp4GpuKernel implements Fp4Kernel {
  private final GpuPrograms<Fp4EncodeProgram> encoders =
      new GpuPrograms<>(Fp4EncodeProgram.class, () -> new Fp4EncodeProgram()).compiled();
  private final GpuPrograms<Fp4DecodeProgram> decoders =
      new GpuPrograms<>(Fp4DecodeProgram.class, () -> new Fp4DecodeProgram()).compiled();
  private final int least = KernelSettings.GPU_MIN_ELEMENTS.get();
  private final Fp4Format format;
  private final Fp4Kernel rest;

  Fp4GpuKernel(Fp4Format format, Fp4Kernel rest) {
    this.format = format;
    this.rest = rest;
  }

  private int whole(int count) {
    return count < least ? 0 : count - count % GROUP;
  }

  @Override
  public int largest(float[] source, int from, int count) {
    return rest.largest(source, from, count);
  }

  @Override
  public boolean encode(
      float[] source,
      int from,
      int count,
      Fp4Scales scales,
      byte[] target,
      int scalesAt,
      int codesAt) {
    int whole = whole(count);
    var finite = new AtomicBoolean(true);
    GpuSlices.forEach(
        whole,
        (lane, slice, first, length) -> {
          Fp4EncodeProgram program = encoders.of(lane);
          program.encode(format, slice, scales, source, from + first, length);
          program.getCodes(target, codesAt + first / 2, length / 2);
          if (!program.getScales(format, length, target, scalesAt + first / format.block())) {
            finite.set(false);
          }
        });
    return finite.get()
        && rest.encode(
            source,
            from + whole,
            count - whole,
            scales,
            target,
            scalesAt + whole / format.block(),
            codesAt + whole / 2);
  }

  @Override
  public void decode(
      byte[] source,
      int scalesAt,
      int codesAt,
      int count,
      Fp4Scales scales,
      boolean add,
      float[] target,
      int from) {
    int whole = whole(count);
    GpuSlices.forEach(
        whole,
        (lane, slice, first, length) -> {
          Fp4DecodeProgram program = decoders.of(lane);
          program.reserve(slice);
          program.putCodes(source, codesAt + first / 2, length / 2);
          int at = scalesAt + first / format.block();
          program.putScales(format, scales, source, at, length);
          if (add) {
            program.putSums(target, from + first, length);
          } else {
            program.putNoSums();
          }
          program.decode(length);
          program.getValues(target, from + first, length);
        });
    rest.decode(
        source,
        scalesAt + whole / format.block(),
        codesAt + whole / 2,
        count - whole,
        scales,
        add,
        target,
        from + whole);
  }

  /** Times the programs. */
  DeviceTimings timings() {
    return new GpuTimings(
        (lane, count) -> {
          float[] values = GpuTimings.ramp(count);
          int chunkScale = Fp4Scales.CHUNK.of(BlockScale.magnitude(1f));
          Fp4EncodeProgram program = encoders.of(lane);
          program.encode(format, count, Fp4Scales.of(format, chunkScale), values, 0, count);
          return program;
        },
        (lane, count) -> {
          Fp4DecodeProgram program = loadZeros(lane, count);
          program.putNoSums();
          return program;
        },
        (lane, count) -> {
          Fp4DecodeProgram program = loadZeros(lane, count);
          program.putSums(new float[count], 0, count);
          return program;
        });
  }

  private Fp4DecodeProgram loadZeros(GpuLane lane, int count) {
    Fp4DecodeProgram program = decoders.of(lane);
    program.reserve(count);
    program.putCodes(new byte[count / 2], 0, count / 2);
    var scales = new byte[count / format.block()];
    program.putScales(format, Fp4Scales.of(format, 0), scales, 0, count);
    return program;
  }
}
