package io.tributary.codecs.channelwise;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Backend;
import io.tributary.codec.FloatBits;
import io.tributary.codec.SeededRandom;
import io.tributary.codecs.GpuProof;
import io.tributary.codecs.internal.GpuSupport;
import io.tributary.codecs.internal.KernelSettings;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenCL programs against the definition: the same moments, bytes, values and slopes. */
class ChannelGpuKernelEqualityTest {
  @RegisterExtension final SeededRandom random = new SeededRandom();

  private final ChannelKernel scalar = new ChannelScalarKernel();

  @BeforeEach
  void needsADevice() {
    String reason = GpuSupport.unusableBecause();
    boolean required = System.getProperty("required.backends", "").contains("GPU");
    assertThat(required && !reason.isEmpty()).as(reason).isFalse();
    Assumptions.assumeTrue(reason.isEmpty(), reason);
  }

  private static ChannelKernel device() {
    return ChannelKernels.of(Backend.GPU);
  }

  @ParameterizedTest
  @CsvSource({"4111, 384", "1030, 1021", "9, 131072", "8, 131072", "5, 262144"})
  void allPassesHaveTheSameBits(int rows, int channels) {
    assertThat((long) rows * channels)
        .isGreaterThanOrEqualTo(KernelSettings.GPU_MIN_ELEMENTS.get());
    float[] values = CutSamples.activations(rows, channels, random.nextBits());
    float[] gradients = CutSamples.activations(rows, channels, random.nextBits());
    for (int i = 0; i < values.length; i += 1 + random.nextInt(1000)) {
      values[i] = random.nextInt(2) == 0 ? 0f : -0f;
    }
    // The first channel has zeros of both signs alone.
    for (int i = 0; i < rows; i++) {
      values[i * channels] = random.nextInt(2) == 0 ? 0f : -0f;
    }
    var at = new int[rows];
    Arrays.setAll(at, i -> i * channels);
    ChannelMoments moments = measure(scalar, values, at, channels);
    ChannelMoments onDevice = measure(device(), values, at, channels);
    GpuProof.assertRan(ChannelMeasureProgram.class);
    FloatBits.assertSame("least", onDevice.least, moments.least);
    FloatBits.assertSame("largest", onDevice.largest, moments.largest);
    FloatBits.assertSame("sums", onDevice.sums, moments.sums);
    FloatBits.assertSame("squares", onDevice.squares, moments.squares);

    var floors = new byte[channels];
    var widths = new byte[channels];
    for (int c = 0; c < channels; c++) {
      floors[c] = (byte) (2 + random.nextInt(6));
      widths[c] = (byte) (floors[c] + 1);
    }
    var coarse = new ChannelGrid(channels);
    var fine = new ChannelGrid(channels);
    coarse.fillAsymmetric(moments, floors, true);
    fine.fillAsymmetric(moments, widths, false);
    for (int noise : new int[] {ChannelKernel.TO_NEAREST, random.nextBits() | 1}) {
      byte[] bytes = pack(scalar, values, at, fine, noise);
      byte[] actual = pack(device(), values, at, fine, noise);
      FloatBits.assertSame("bytes", actual, bytes);
      var expectedValues = new float[values.length];
      var actualValues = new float[values.length];
      scalar.unpack(bytes, 3, rows, fine, expectedValues, at);
      device().unpack(bytes, 3, rows, fine, actualValues, at);
      FloatBits.assertSame("values", actualValues, expectedValues);
    }
    if (rows >= ChannelGrid.TILE) {
      GpuProof.assertRan(ChannelUnpackProgram.class);
    }
    var expected = new float[channels];
    var actual = new float[channels];
    scalar.slopes(values, at, gradients, at, rows, coarse, fine, expected);
    device().slopes(values, at, gradients, at, rows, coarse, fine, actual);
    GpuProof.assertRan(ChannelSlopesProgram.class);
    FloatBits.assertSame("slopes", actual, expected);
  }

  @Test
  void whatIsNoNumberIsNoRange() {
    int channels = 1024;
    int rows = 1024;
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
      float[] values = CutSamples.activations(rows, channels, random.nextBits());
      values[random.nextInt(values.length)] = bad;
      var at = new int[rows];
      Arrays.setAll(at, i -> i * channels);
      float largest = measure(device(), values, at, channels).largestMagnitude();
      assertThat(Float.isFinite(largest)).as("%s", bad).isFalse();
    }
  }

  private static ChannelMoments measure(
      ChannelKernel kernel, float[] values, int[] at, int channels) {
    var moments = new ChannelMoments(channels);
    kernel.measure(values, at, at.length, moments);
    moments.magnitude = moments.largestMagnitude();
    return moments;
  }

  private static byte[] pack(
      ChannelKernel kernel, float[] values, int[] at, ChannelGrid grid, int noise) {
    var bytes = new byte[3 + (int) grid.packedLength(at.length) + 3];
    kernel.pack(values, at, at.length, grid, noise, bytes, 3);
    return bytes;
  }
}
