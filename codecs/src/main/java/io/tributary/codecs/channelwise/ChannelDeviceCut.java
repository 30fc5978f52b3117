package io.tributary.codecs.channelwise;

import io.tributary.codec.Backend;
import io.tributary.codec.DeviceCut;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuTimings;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** Times the programs of {@link ChannelGpuKernel} and compares them with the definition. */
public final class ChannelDeviceCut implements DeviceCut {
  private static final int WARM_UPS = 2;
  private static final int NOISE = 12345;
  private static final double MEAN_BITS = 5.5;

  private final ChannelGpuKernel device =
      new ChannelGpuKernel(ChannelKernels.of(BackendSupport.processor()));
  private final ChannelKernel scalar = ChannelKernels.of(Backend.SCALAR);

  @Override
  public int rows(int channels) {
    return ChannelProgram.rowsAtOnce(channels);
  }

  @Override
  public double bytesOfValue(Pass pass) {
    return switch (pass) {
      case RANGE -> Float.BYTES;
      case PACK, UNPACK -> Float.BYTES + MEAN_BITS / Byte.SIZE;
      case SLOPES -> 2.0 * Float.BYTES;
    };
  }

  /** A message, and grids for it: widths of 2 to 7 bits, and of 3 to 8. */
  private final class Message {
    final int channels;
    final int[] at;
    final float[] values;
    final float[] gradients;
    final ChannelMoments moments;
    final ChannelGrid coarse;
    final ChannelGrid fine;
    final byte[] codes;

    Message(float[] values, int channels) {
      this.values = values;
      this.channels = channels;
      at = new int[values.length / channels];
      Arrays.setAll(at, row -> row * channels);
      gradients = GpuTimings.ramp(values.length);
      moments = new ChannelMoments(channels);
      scalar.measure(values, at, at.length, moments);
      moments.magnitude = moments.largestMagnitude();
      var widths = new byte[channels];
      coarse = new ChannelGrid(channels);
      fine = new ChannelGrid(channels);
      for (int c = 0; c < channels; c++) {
        widths[c] = (byte) (ChannelGrid.LEAST_BITS + c % 6);
      }
      coarse.fillAsymmetric(moments, widths, true);
      for (int c = 0; c < channels; c++) {
        widths[c]++;
      }
      fine.fillAsymmetric(moments, widths, false);
      codes = new byte[(int) fine.packedLength(at.length)];
      scalar.pack(values, at, at.length, fine, ChannelKernel.TO_NEAREST, codes, 0);
    }

    void run(Pass pass, ChannelKernel kernel, Results to) {
      switch (pass) {
        case RANGE -> kernel.measure(values, at, at.length, to.moments);
        case PACK -> kernel.pack(values, at, at.length, fine, to.noise, to.codes, 0);
        case UNPACK -> kernel.unpack(codes, 0, at.length, fine, to.values, at);
        case SLOPES -> kernel.slopes(values, at, gradients, at, at.length, coarse, fine, to.slopes);
      }
    }
  }

  /** What a pass writes. */
  private static final class Results {
    final ChannelMoments moments;
    final byte[] codes;
    final float[] values;
    final float[] slopes;
    int noise = ChannelKernel.TO_NEAREST;

    Results(Message message) {
      moments = new ChannelMoments(message.channels);
      codes = new byte[message.codes.length];
      values = new float[message.values.length];
      slopes = new float[message.channels];
    }

    long differences(Results other) {
      long found = 0;
      for (int i = 0; i < codes.length; i++) {
        found += codes[i] == other.codes[i] ? 0 : 1;
      }
      return found
          + differences(values, other.values)
          + differences(slopes, other.slopes)
          + differences(moments.least, other.moments.least)
          + differences(moments.largest, other.moments.largest)
          + differences(moments.sums, other.moments.sums)
          + differences(moments.squares, other.moments.squares);
    }

    /** Sums of large magnitudes may be no numbers, all of which count as one. */
    private static long differences(float[] some, float[] others) {
      long found = 0;
      for (int i = 0; i < some.length; i++) {
        found += Float.floatToIntBits(some[i]) == Float.floatToIntBits(others[i]) ? 0 : 1;
      }
      return found;
    }
  }

  @Override
  public double deviceSeconds(Pass pass, int channels, int times) {
    var message = new Message(GpuTimings.ramp(rows(channels) * channels), channels);
    var seconds = new AtomicReference<Double>();
    GpuLane.forEachSlice(1, (lane, slice) -> seconds.set(seconds(pass, message, lane, times)));
    return Objects.requireNonNull(seconds.get());
  }

  private double seconds(Pass pass, Message message, GpuLane lane, int times) {
    int rows = message.at.length;
    return switch (pass) {
      case RANGE -> {
        ChannelMeasureProgram program = device.measures.of(lane);
        program.begin(message.moments);
        program.load(message.values, message.at, 0, rows);
        yield program.secondsOf(message.channels, times);
      }
      case PACK -> {
        ChannelPackProgram program = device.packs.of(lane);
        program.begin(message.fine, ChannelKernel.TO_NEAREST);
        program.load(message.values, message.at, 0, rows);
        yield program.secondsOf(program.items(), times);
      }
      case UNPACK -> {
        ChannelUnpackProgram program = device.unpacks.of(lane);
        program.begin(message.fine);
        program.load(message.codes, 0, rows);
        yield program.secondsOf(program.items(), times);
      }
      case SLOPES -> {
        ChannelSlopesProgram program = device.slopers.of(lane);
        program.begin(message.coarse, message.fine, new float[message.channels]);
        program.load(message.values, message.at, message.gradients, message.at, 0, rows);
        yield program.secondsOf(message.channels, times);
      }
    };
  }

  @Override
  public double hostSeconds(Pass pass, int channels, int times) {
    var message = new Message(GpuTimings.ramp(rows(channels) * channels), channels);
    var results = new Results(message);
    long best = Long.MAX_VALUE;
    for (int i = -WARM_UPS; i < times; i++) {
      long began = System.nanoTime();
      message.run(pass, device, results);
      best = i < 0 ? best : Math.min(best, System.nanoTime() - began);
    }
    return best / 1e9;
  }

  @Override
  public long mismatches(Pass pass, float[] values, int channels) {
    var message = new Message(values, channels);
    var expected = new Results(message);
    var actual = new Results(message);
    message.run(pass, scalar, expected);
    message.run(pass, device, actual);
    long found = expected.differences(actual);
    if (pass == Pass.PACK) {
      expected.noise = NOISE;
      actual.noise = NOISE;
      message.run(pass, scalar, expected);
      message.run(pass, device, actual);
      found += expected.differences(actual);
    }
    return found;
  }
}
