package io.tributary.codecs.block;

import static io.tributary.codecs.block.BlockLayout.GROUP;

import io.tributary.codec.DeviceTimings;
import io.tributary.codecs.internal.GpuCopyProgram;
import io.tributary.codecs.internal.GpuDevice;

/** Times the two programs of a block codec, beside a copy. */
final class BlockDeviceTimings implements DeviceTimings {
  private final BlockEncodeProgram encoder;
  private final BlockDecodeProgram decoder;
  private final BlockLayout layout;
  private final int block;

  BlockDeviceTimings(
      BlockEncodeProgram encoder, BlockDecodeProgram decoder, BlockLayout layout, int block) {
    this.encoder = encoder;
    this.decoder = decoder;
    this.layout = layout;
    this.block = block;
  }

  @Override
  public double encodeSeconds(int count, int passes) {
    return GpuDevice.onThread(
        () -> {
          encoder.source = ramp(count);
          encoder.codes = new byte[layout.codesAt(0, count)];
          encoder.scales = new int[count / GROUP];
          encoder.groupsMask = block / GROUP - 1;
          encoder.put(encoder.source);
          return GpuDevice.seconds(encoder, count / BlockEncodeProgram.TILE, passes);
        });
  }

  @Override
  public double decodeSeconds(int count, int passes) {
    return GpuDevice.onThread(
        () -> {
          decoder.target = new float[count];
          decoder.codes = new byte[layout.codesAt(0, count)];
          decoder.scales = new float[count / GROUP];
          decoder.blockShift = Integer.numberOfTrailingZeros(block);
          decoder.put(decoder.codes);
          decoder.put(decoder.scales);
          return GpuDevice.seconds(decoder, count / BlockDecodeProgram.TILE, passes);
        });
  }

  @Override
  public double copySeconds(int count, int passes) {
    GpuCopyProgram copy = GpuDevice.program(GpuCopyProgram.class, GpuCopyProgram::new);
    return GpuDevice.onThread(
        () -> {
          copy.source = ramp(count);
          copy.target = new float[count];
          copy.put(copy.source);
          return GpuDevice.seconds(copy, count / GpuCopyProgram.ITEMS, passes);
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
