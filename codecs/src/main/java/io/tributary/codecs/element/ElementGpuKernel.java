package io.tributary.codecs.element;

import io.tributary.codec.DeviceTimings;
import io.tributary.codecs.internal.GpuPrograms;
import io.tributary.codecs.internal.GpuSlices;
import io.tributary.codecs.internal.GpuTimings;
import io.tributary.codecs.internal.KernelSettings;

/**
 * The arithmetic of 16-bit numbers on an OpenCL device, in slices; runs too short to be worth the
 * way go to another kernel. Adding is left to the processor. Each call allocates its entries in the
 * lanes' queues.
 */
public final class ElementGpuKernel implements ElementKernel {
  private final ElementKernel rest;
  private final GpuPrograms<? extends ElementEncodeProgram> encoders;
  private final GpuPrograms<? extends ElementDecodeProgram> decoders;
  private final int least = KernelSettings.GPU_MIN_ELEMENTS.get();

  /**
   * A kernel, with its programs compiled.
   *
   * @param rest the kernel for what doesn't go to the device
   */
  public ElementGpuKernel(
      ElementKernel rest,
      GpuPrograms<? extends ElementEncodeProgram> encoders,
      GpuPrograms<? extends ElementDecodeProgram> decoders) {
    this.rest = rest;
    this.encoders = encoders.compiled();
    this.decoders = decoders.compiled();
  }

  @Override
  public void encode(float[] source, int from, int count, byte[] target, int at) {
    if (count < least) {
      rest.encode(source, from, count, target, at);
      return;
    }
    GpuSlices.forEach(
        count,
        (lane, slice, first, length) -> {
          ElementEncodeProgram program = encoders.of(lane);
          program.encode(slice, source, from + first, length);
          program.getCodes(target, at + Short.BYTES * first, length);
        });
  }

  @Override
  public void decode(byte[] source, int at, int count, float[] target, int from) {
    if (count < least) {
      rest.decode(source, at, count, target, from);
      return;
    }
    decode(source, at, count, false, target, from);
  }

  @Override
  public void accumulate(byte[] source, int at, int count, float[] target, int from) {
    if (count < least) {
      rest.accumulate(source, at, count, target, from);
      return;
    }
    decode(source, at, count, true, target, from);
  }

  private void decode(byte[] source, int at, int count, boolean add, float[] target, int from) {
    GpuSlices.forEach(
        count,
        (lane, slice, first, length) -> {
          ElementDecodeProgram program = decoders.of(lane);
          program.decode(slice, source, at + Short.BYTES * first, length);
          program.getValues(target, from + first, length, add);
        });
  }

  /** Times the programs. */
  DeviceTimings timings() {
    return new GpuTimings(
        (lane, count) -> {
          ElementEncodeProgram program = encoders.of(lane);
          program.encode(count, GpuTimings.ramp(count), 0, count);
          return program;
        },
        (lane, count) -> {
          ElementDecodeProgram program = decoders.of(lane);
          program.decode(count, new byte[Short.BYTES * count], 0, count);
          return program;
        },
        null);
  }
}
