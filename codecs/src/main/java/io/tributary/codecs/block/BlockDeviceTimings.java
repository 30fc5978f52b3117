package io.tributary.codecs.block;

import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

import io.tributary.codec.DeviceTimings;
import io.tributary.codecs.internal.GpuCopyProgram;
import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuPrograms;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** Times the two programs of a block codec, beside a copy. */
final class BlockDeviceTimings implements DeviceTimings {
  private static final GpuPrograms<GpuCopyProgram> COPY =
      new GpuPrograms<>(GpuCopyProgram.class, GpuCopyProgram::new);

  private final GpuPrograms<? extends BlockEncodeProgram> encoders;
  private final GpuPrograms<? extends BlockDecodeProgram> decoders;
  private final BlockLayout layout;
  private final int block;

  BlockDeviceTimings(
      GpuPrograms<? extends BlockEncodeProgram> encoders,
      GpuPrograms<? extends BlockDecodeProgram> decoders,
      BlockLayout layout,
      int block) {
    this.encoders = encoders;
    this.decoders = decoders;
    this.layout = layout;
    this.block = block;
  }

  private interface Timing {
    double seconds(GpuLane lane);
  }

  private static double onLane(Timing timing) {
    var seconds = new AtomicReference<Double>();
    GpuLane.forEachSlice(1, (lane, slice) -> seconds.set(timing.seconds(lane)));
    return Objects.requireNonNull(seconds.get());
  }

  @Override
  public double encodeSeconds(int count, int passes) {
    float[] values = ramp(count);
    return onLane(
        lane -> {
          BlockEncodeProgram program = encoders.of(lane);
          program.encode(layout, count, block, values, 0, count);
          return GpuDevice.seconds(program, count / BlockEncodeProgram.TILE, passes);
        });
  }

  @Override
  public double decodeSeconds(int count, int passes) {
    var encoded = new byte[layout.codesAt(0, count) + SCALE_BYTES * (count / block)];
    return onLane(
        lane -> {
          BlockDecodeProgram program = decoders.of(lane);
          program.reserve(layout, count);
          program.putCodes(encoded, 0, layout.codesAt(0, count));
          program.putScales(encoded, layout.codesAt(0, count), block, count);
          return GpuDevice.seconds(program, count / BlockDecodeProgram.TILE, passes);
        });
  }

  @Override
  public double copySeconds(int count, int passes) {
    float[] values = ramp(count);
    return onLane(
        lane -> {
          GpuCopyProgram copy = COPY.of(lane);
          copy.source = values;
          copy.target = new float[count];
          copy.put(copy.source);
          return GpuDevice.seconds(copy, count / GpuCopyProgram.TILE, passes);
        });
  }

  /** Values of many magnitudes, and none that a codec refuses. */
  private static float[] ramp(int count) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i % 1021 - 510) * 0x1p-9f;
    }
    return values;
  }
}
