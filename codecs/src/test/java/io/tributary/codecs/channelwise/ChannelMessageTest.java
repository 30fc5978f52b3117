package io.tributary.codecs.channelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.CutRows;
import io.tributary.codec.FloatBits;
import io.tributary.codec.SeededRandom;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One message there and back, by the scalar kernel. */
class ChannelMessageTest {
  @RegisterExtension final SeededRandom random = new SeededRandom();

  private final ChannelKernel kernel = new ChannelScalarKernel();

  private static byte[] widths(int channels, SeededRandom random) {
    var widths = new byte[channels];
    for (int c = 0; c < channels; c++) {
      widths[c] = (byte) (2 + random.nextInt(7));
    }
    return widths;
  }

  private float[] decode(byte[] bytes, int length, int channels, byte[] widths, int rows) {
    ChannelHeader head = ChannelHeader.read(bytes, 0, length, rows, 100);
    var decoded = new float[rows * channels];
    Arrays.fill(decoded, Float.NaN);
    new ChannelDecoder(kernel, channels)
        .decode(head, head.form(), widths, bytes, 0, length, decoded, 0);
    return decoded;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 7, 8, 9, 31, 100})
  void everyValueComesBackWithinHalfAStepInExactlyTheBitsOfItsWidth(int rows) {
    int channels = 37;
    byte[] widths = widths(channels, random);
    float[] values = CutSamples.activations(rows, channels, random.nextBits());
    var encoder = new ChannelEncoder(kernel, channels);
    var bytes = new byte[ChannelEncoder.maxLength(rows, channels)];
    int length =
        encoder.encodeActivations(
            CutRows.ordinary(3, rows), 0, 7, widths, false, values, 0, bytes, 0);
    long bits = 0;
    for (byte width : widths) {
      bits += (long) rows * width;
    }
    if (encoder.exceptions() == 0) {
      assertThat(length).isEqualTo(20 + 4 * channels + (bits + 7) / 8 + 1);
    }
    float[] decoded = decode(bytes, length, channels, widths, rows);
    for (int i = 0; i < values.length; i++) {
      double halfStep = encoder.grid.step(i % channels) / 2;
      // An exception is off by the rounding of a half; float32 adds its own.
      double rounding = Math.abs(values[i]) * 0x1p-11 * (encoder.exceptions() > 0 ? 1 : 0x1p-11);
      assertThat((double) Math.abs(decoded[i] - values[i]))
          .as("value %d, %s as %s", i, values[i], decoded[i])
          .isLessThanOrEqualTo(Math.max(halfStep * 1.0001, rounding) + Math.abs(values[i]) * 1e-6);
    }
  }

  @Test
  void codesSurvivePacking() {
    // Values on the grid itself: integers from 0 to 2^w - 1, so that step is 1 and codes are they.
    int rows = 77;
    byte[] widths = {2, 3, 4, 5, 6, 7, 8, 8, 2, 5, 5};
    var values = new float[rows * widths.length];
    for (int i = 0; i < rows; i++) {
      for (int c = 0; c < widths.length; c++) {
        int top = (1 << widths[c]) - 1;
        values[i * widths.length + c] = i == 0 ? 0 : i == 1 ? top : random.nextInt(top + 1);
      }
    }
    var encoder = new ChannelEncoder(kernel, widths.length);
    var bytes = new byte[ChannelEncoder.maxLength(rows, widths.length)];
    int length =
        encoder.encodeActivations(
            CutRows.ordinary(0, rows), 0, 1, widths, false, values, 0, bytes, 0);
    assertThat(encoder.exceptions()).isZero();
    float[] decoded = decode(bytes, length, widths.length, widths, rows);
    FloatBits.assertSame("codes", decoded, values);
  }

  @Test
  void bytesAreThoseOfTheDrawing() {
    // Two channels of 2 bits, three rows; the largest magnitude 3 has exponent 1, so e = -13.
    float[] values = {0f, -1f, 1f, -1f, 3f, 2f};
    var encoder = new ChannelEncoder(kernel, 2);
    var bytes = new byte[ChannelEncoder.maxLength(3, 2)];
    int length =
        encoder.encodeActivations(
            CutRows.ordinary(5, 3), 2, 0, new byte[0], false, values, 0, bytes, 0);
    assertThat(HexFormat.of().formatHex(bytes, 0, length))
        .isEqualTo(
            ("01 02 f3 00  03 00 00 00  02 00 00 00  05 00 00 00  00 00 00 00"
                    // steps 1 and 1, that is 2^13, 0x7000; offsets 0 and -1, that is -2^13
                    + "00 70 00 70  00 00 00 f0"
                    // codes 0 1 3, then 0 0 3, from the lowest bit up; no exceptions
                    + "34 0c  00")
                .replace(" ", ""));
    float[] decoded = decode(bytes, length, 2, new byte[0], 3);
    FloatBits.assertSame("decoded", decoded, values);
  }

  @Test
  void bytesOfATileAreThoseOfTheDrawing() {
    // A channel of 2 bits with codes 0 1 2 3 0 1 2 3 and one of 3 bits with 0 to 7, then one row.
    var values = new float[18];
    for (int i = 0; i < 8; i++) {
      values[2 * i] = i % 4;
      values[2 * i + 1] = i;
    }
    values[16] = 3;
    values[17] = 1;
    var encoder = new ChannelEncoder(kernel, 2);
    var bytes = new byte[ChannelEncoder.maxLength(9, 2)];
    int length =
        encoder.encodeActivations(
            CutRows.ordinary(0, 9), 0, 1, new byte[] {2, 3}, false, values, 0, bytes, 0);
    assertThat(HexFormat.of().formatHex(bytes, 28, length))
        .isEqualTo(
            // 3 2 1 0 in 2 bits are 1110_0100, twice; 7 down to 0 in 3 bits are fac688;
            // the row that is left has 3, then 1: 00111; no exceptions
            "e4e4" + "88c6fa" + "07" + "00");
    FloatBits.assertSame("decoded", decode(bytes, length, 2, new byte[] {2, 3}, 9), values);
  }

  @Test
  void constantAndZeroChannelsComeBack() {
    int rows = 40;
    float[] constants = {0f, 1f, -3f, 0.1f, 1e-30f, 12345.678f};
    var values = new float[rows * constants.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = constants[i % constants.length];
    }
    var encoder = new ChannelEncoder(kernel, constants.length);
    var bytes = new byte[ChannelEncoder.maxLength(rows, constants.length)];
    var widths = new byte[] {2, 3, 4, 2, 8, 2};
    int length =
        encoder.encodeActivations(
            CutRows.ordinary(0, rows), 0, 1, widths, false, values, 0, bytes, 0);
    float[] decoded = decode(bytes, length, constants.length, widths, rows);
    for (int i = 0; i < values.length; i++) {
      assertThat(decoded[i])
          .isCloseTo(values[i], org.assertj.core.data.Offset.offset(12345.678f * 0x1p-12f));
    }
    assertThat(decoded[0]).isZero();
    assertThat(decoded[1]).isEqualTo(1f);
  }

  @Test
  void allZeroIsZero() {
    var encoder = new ChannelEncoder(kernel, 3);
    var bytes = new byte[ChannelEncoder.maxLength(33, 3)];
    var widths = new byte[] {2, 5, 8};
    int length =
        encoder.encodeActivations(
            CutRows.ordinary(0, 33), 0, 1, widths, true, new float[99], 0, bytes, 0);
    assertThat(decode(bytes, length, 3, widths, 33)).containsOnly(0f);
    length =
        encoder.encodeSymmetric(
            CutRows.ordinary(0, 33), 0, 1, widths, 17, new float[99], 0, bytes, 0);
    assertThat(decode(bytes, length, 3, widths, 33)).containsOnly(0f);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e38f})
  void whatIsNoNumberIsNamedByRowAndChannel(float bad) {
    var values = new float[40 * 5];
    values[23 * 5 + 4] = bad;
    var encoder = new ChannelEncoder(kernel, 5);
    var bytes = new byte[ChannelEncoder.maxLength(40, 5)];
    assertThatThrownBy(
            () ->
                encoder.encodeActivations(
                    CutRows.ordinary(9, 40), 4, 0, new byte[0], false, values, 0, bytes, 0))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NON_FINITE))
        .hasMessageContaining("message 9, row 23, channel 4")
        .hasMessageContaining(String.valueOf(bad));
  }

  @Test
  void outliersAreExceptionsAndWidenNoRange() {
    int rows = 200;
    float[] values = new float[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = (random.nextInt(2001) - 1000) / 1000f;
    }
    values[77] = 500f;
    var encoder = new ChannelEncoder(kernel, 1);
    var bytes = new byte[ChannelEncoder.maxLength(rows, 1)];
    int length =
        encoder.encodeActivations(
            CutRows.ordinary(0, rows), 8, 0, new byte[0], false, values, 0, bytes, 0);
    assertThat(encoder.exceptions()).isEqualTo(1);
    assertThat(encoder.exception(0)).isEqualTo(77);
    assertThat(decode(bytes, length, 1, new byte[0], rows)[77]).isEqualTo(500f);
    // 5 standard deviations, of which the outlier itself is the largest part.
    assertThat(encoder.grid.step(0)).isLessThan(360f / 255);
  }

  @Test
  void paddingAndFirstRowsTakeNoPartInRanges() {
    int channels = 4;
    int rows = 8;
    var values = new float[rows * channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(1001) / 1000f;
    }
    Arrays.fill(values, 0, channels, 768f);
    Arrays.fill(values, 7 * channels, 8 * channels, Float.NaN);
    byte[] kinds = {1, 0, 0, 0, 0, 0, 0, 2};
    var encoder = new ChannelEncoder(kernel, channels);
    var bytes = new byte[ChannelEncoder.maxLength(rows, channels)];
    CutRows message = CutRows.ordinary(0, rows).withKinds(kinds);
    int length = encoder.encodeActivations(message, 8, 0, new byte[0], false, values, 0, bytes, 0);
    float[] decoded = decode(bytes, length, channels, new byte[0], rows);
    for (int c = 0; c < channels; c++) {
      assertThat(decoded[c]).isEqualTo(768f);
      assertThat(decoded[7 * channels + c]).isZero();
      assertThat(encoder.grid.step(c)).isLessThan(0.005f);
    }
  }

  @Test
  void randomRoundingHasMeanZero() {
    int rows = 20_000;
    float[] values = new float[rows * 2];
    for (int i = 0; i < rows; i++) {
      values[2 * i] = 0.3f;
      values[2 * i + 1] = -0.05f;
    }
    values[0] = 1f;
    values[1] = 1f;
    var encoder = new ChannelEncoder(kernel, 2);
    var bytes = new byte[ChannelEncoder.maxLength(rows, 2)];
    int length =
        encoder.encodeSymmetric(
            CutRows.ordinary(0, rows), 2, 0, new byte[0], 12345, values, 0, bytes, 0);
    float[] decoded = decode(bytes, length, 2, new byte[0], rows);
    double first = 0;
    double second = 0;
    for (int i = 1; i < rows; i++) {
      first += decoded[2 * i];
      second += decoded[2 * i + 1];
    }
    // The deviation of a mean of 20,000 numbers of deviation 1/2 is 0.0035.
    assertThat(first / rows).isBetween(0.3 - 0.015, 0.3 + 0.015);
    assertThat(second / rows).isBetween(-0.05 - 0.01, -0.05 + 0.01);
  }

  @Test
  void slopesAreThoseOfTheQuantizerBetweenWholeWidths() {
    int rows = 70;
    int channels = 21;
    float[] values = CutSamples.activations(rows, channels, random.nextBits());
    float[] gradients = CutSamples.activations(rows, channels, random.nextBits());
    byte[] floors = widths(channels, random);
    byte[] above = new byte[channels];
    for (int c = 0; c < channels; c++) {
      floors[c] = (byte) Math.min(floors[c], 7);
      above[c] = (byte) (floors[c] + 1);
    }
    var encoder = new ChannelEncoder(kernel, channels);
    var bytes = new byte[ChannelEncoder.maxLength(rows, channels)];
    CutRows message = CutRows.ordinary(0, rows);
    var low = new float[0];
    var high = new float[0];
    for (byte[] width : new byte[][] {floors, above}) {
      int length = encoder.encodeActivations(message, 0, 1, width, false, values, 0, bytes, 0);
      low = high;
      high = decode(bytes, length, channels, width, rows);
    }
    var coarse = new ChannelGrid(channels);
    var fine = new ChannelGrid(channels);
    coarse.fillAsymmetric(encoder.moments, floors, false);
    fine.fillAsymmetric(encoder.moments, above, false);
    float[] without = gradients.clone();
    for (int i = 0; i < encoder.exceptions(); i++) {
      int place = encoder.exception(i);
      without[place % rows * channels + place / rows] = 0;
    }
    var slopes = new float[channels];
    var at = encoder.rows.at;
    kernel.slopes(values, at, without, at, rows, coarse, fine, slopes);
    for (int c = 0; c < channels; c++) {
      // Loss at floor + 1/2 plus and minus a quarter, each between the two neighbours.
      double plus = 0;
      double minus = 0;
      double size = 0;
      for (int i = c; i < values.length; i += channels) {
        plus += gradients[i] * (low[i] + 0.75 * ((double) high[i] - low[i]));
        minus += gradients[i] * (low[i] + 0.25 * ((double) high[i] - low[i]));
        size += Math.abs(gradients[i] * ((double) high[i] - low[i]));
      }
      assertThat(slopes[c])
          .isCloseTo(
              (float) ((plus - minus) / 0.5),
              org.assertj.core.data.Offset.offset((float) (1e-5 * size + 1e-9)));
    }
  }
}
