package io.tributary.codecs.channelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.codec.Backend;
import io.tributary.codec.CutRows;
import io.tributary.codec.FloatBits;
import io.tributary.codec.SeededRandom;
import io.tributary.codecs.internal.BackendSupport;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Vectors against the definition: the same bytes, the same values, the same slopes. */
class ChannelSimdKernelEqualityTest {
  @RegisterExtension final SeededRandom random = new SeededRandom();

  @BeforeEach
  void vectorsAreThere() {
    String reason = BackendSupport.unusableBecause(Backend.SIMD);
    assumeTrue(reason.isEmpty(), reason);
  }

  static Stream<Arguments> sizes() {
    return Stream.of(1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 64, 129)
        .flatMap(
            channels -> Stream.of(0, 1, 7, 8, 9, 12, 16, 100).map(r -> Arguments.of(r, channels)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void bytesValuesAndSlopesAreTheSame(int rows, int channels) {
    float[] values = CutSamples.activations(rows, channels, random.nextBits());
    float[] gradients = CutSamples.activations(rows, channels, random.nextBits());
    var even = new byte[channels];
    Arrays.fill(even, (byte) (2 + random.nextInt(7)));
    var mixed = new byte[channels];
    for (int c = 0; c < channels; c++) {
      mixed[c] = (byte) (2 + random.nextInt(7));
    }
    var scalar = new ChannelScalarKernel();
    ChannelKernel simd = ChannelKernels.of(Backend.SIMD);
    for (byte[] widths : new byte[][] {even, mixed}) {
      for (int noise : new int[] {ChannelKernel.TO_NEAREST, random.nextBits() | 1}) {
        byte[] expected = encode(scalar, values, rows, widths, noise);
        byte[] actual = encode(simd, values, rows, widths, noise);
        FloatBits.assertSame("bytes", actual, expected);
        FloatBits.assertSame(
            "values",
            decode(simd, actual, channels, widths, rows),
            decode(scalar, expected, channels, widths, rows));
      }
      var moments = new ChannelMoments(channels);
      var at = new int[rows];
      Arrays.setAll(at, i -> i * channels);
      scalar.measure(values, at, rows, moments);
      moments.magnitude = moments.largestMagnitude();
      var fine = widths.clone();
      var floors = widths.clone();
      for (int c = 0; c < channels; c++) {
        floors[c] = (byte) Math.min(widths[c], 7);
        fine[c] = (byte) (floors[c] + 1);
      }
      var low = new ChannelGrid(channels);
      var high = new ChannelGrid(channels);
      low.fillAsymmetric(moments, floors, true);
      high.fillAsymmetric(moments, fine, true);
      var expected = new float[channels];
      var actual = new float[channels];
      scalar.slopes(values, at, gradients, at, rows, low, high, expected);
      simd.slopes(values, at, gradients, at, rows, low, high, actual);
      FloatBits.assertSame("slopes", actual, expected);
    }
  }

  private static byte[] encode(
      ChannelKernel kernel, float[] values, int rows, byte[] widths, int noise) {
    var encoder = new ChannelEncoder(kernel, widths.length);
    var bytes = new byte[ChannelEncoder.maxLength(rows, widths.length)];
    CutRows message = CutRows.ordinary(1, rows);
    int length =
        noise == ChannelKernel.TO_NEAREST
            ? encoder.encodeActivations(message, 0, 1, widths, false, values, 0, bytes, 0)
            : encoder.encodeSymmetric(message, 0, 1, widths, noise, values, 0, bytes, 0);
    return Arrays.copyOf(bytes, length);
  }

  private static float[] decode(
      ChannelKernel kernel, byte[] bytes, int channels, byte[] widths, int rows) {
    ChannelHeader head = ChannelHeader.read(bytes, 0, bytes.length, rows, 1);
    assertThat(head.rows().count()).isEqualTo(rows);
    var decoded = new float[rows * channels];
    new ChannelDecoder(kernel, channels)
        .decode(head, head.form(), widths, bytes, 0, bytes.length, decoded, 0);
    return decoded;
  }
}
