package io.tributary.codecs.internal;

import io.tributary.codec.DeviceTimings;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Times the programs of a codec, whose work groups take tiles of some size, beside a copy. */
public final class GpuTimings implements DeviceTimings {
  private static final int TILE = GpuCopyProgram.TILE;
  private static final GpuPrograms<GpuCopyProgram> COPY =
      new GpuPrograms<>(GpuCopyProgram.class, GpuCopyProgram::new);

  private final int tile;
  private final Loading encoder;
  private final Loading decoder;
  private final @Nullable Loading adder;

  /** Timings of programs with tiles of 1024 values. */
  public GpuTimings(Loading encoder, Loading decoder, @Nullable Loading adder) {
    this(TILE, encoder, decoder, adder);
  }

  /**
   * Timings of programs.
   *
   * @param tile the values that a work group takes
   * @param adder what decodes and adds, null if the codec leaves that to the processor
   */
  public GpuTimings(int tile, Loading encoder, Loading decoder, @Nullable Loading adder) {
    this.tile = tile;
    this.encoder = encoder;
    this.decoder = decoder;
    this.adder = adder;
  }

  /** What a program needs before it can be timed. */
  @FunctionalInterface
  public interface Loading {
    /** A lane's program, with so many values or their codes on the device; on its thread. */
    GpuProgram load(GpuLane lane, int count);
  }

  @Override
  public double encodeSeconds(int count, int passes) {
    return seconds(encoder, tile, count, passes);
  }

  @Override
  public double decodeSeconds(int count, int passes) {
    return seconds(decoder, tile, count, passes);
  }

  @Override
  public OptionalDouble accumulateSeconds(int count, int passes) {
    return adder == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(seconds(adder, tile, count, passes));
  }

  @Override
  public double copySeconds(int count, int passes) {
    return seconds(
        (lane, values) -> {
          GpuCopyProgram copy = COPY.of(lane);
          copy.source = ramp(values);
          copy.target = new float[values];
          copy.put(copy.source);
          return copy;
        },
        TILE,
        count,
        passes);
  }

  private static double seconds(Loading loading, int tile, int count, int passes) {
    var seconds = new AtomicReference<Double>();
    GpuLane.forEachSlice(
        1,
        (lane, slice) ->
            seconds.set(GpuDevice.seconds(loading.load(lane, count), count / tile, passes)));
    return Objects.requireNonNull(seconds.get());
  }

  /** Values of many magnitudes, and none that a codec refuses. */
  public static float[] ramp(int count) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i % 1021 - 510) * 0x1p-9f;
    }
    return values;
  }
}
