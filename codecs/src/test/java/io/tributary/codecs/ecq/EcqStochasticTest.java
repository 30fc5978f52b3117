package io.tributary.codecs.ecq;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Backend;
import io.tributary.codec.TensorCodec;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcqStochasticTest {
  private static final int CHUNK = 4096;
  private static final int STEP_OFFSET = 6;
  private static final int CHUNKS = 400;

  @ParameterizedTest
  @ValueSource(strings = {"0.5b-stochastic", "1b-stochastic", "2b-stochastic", "9b-stochastic"})
  void noValueIsAStepOffAndZerosStay(String parameter) {
    TensorCodec codec = new EcqProvider().create(Backend.SCALAR, parameter);
    float[] values = gaussians(new SplittableRandom(1));
    for (int i = 0; i < CHUNK; i += 7) {
      values[i] = 0f;
    }
    var bytes = new byte[codec.maxEncodedLength(CHUNK)];
    int length = codec.encode(values, 0, CHUNK, bytes, 0);
    float step = Float.intBitsToFloat((int) EcqLayout.INT.get(bytes, STEP_OFFSET));
    var decoded = new float[CHUNK];
    codec.decode(bytes, 0, length, CHUNK, decoded, 0);
    for (int i = 0; i < CHUNK; i++) {
      if (values[i] == 0f) {
        assertThat(decoded[i]).isZero();
      }
      assertThat(Math.abs(decoded[i] - values[i])).isLessThanOrEqualTo(step * (1 + 0x1p-16f));
    }
  }

  /** The first 100 values are the same in all chunks, and small: to the nearest they'd be zeros. */
  @ParameterizedTest
  @ValueSource(strings = {"0.5b-stochastic", "2b-stochastic"})
  void errorsAreZeroInTheMean(String parameter) {
    TensorCodec codec = new EcqProvider().create(Backend.SCALAR, parameter);
    var random = new SplittableRandom(2);
    float small = 0.2f;
    int same = 100;
    double sum = 0;
    double squares = 0;
    for (int n = 0; n < CHUNKS; n++) {
      float[] values = gaussians(random);
      for (int i = 0; i < same; i++) {
        values[i] = small;
      }
      var bytes = new byte[codec.maxEncodedLength(CHUNK)];
      int length = codec.encode(values, 0, CHUNK, bytes, 0);
      var decoded = new float[CHUNK];
      codec.decode(bytes, 0, length, CHUNK, decoded, 0);
      for (int i = 0; i < same; i++) {
        sum += decoded[i];
        squares += (double) decoded[i] * decoded[i];
      }
    }
    double number = (double) CHUNKS * same;
    double mean = sum / number;
    double deviation = Math.sqrt((squares / number - mean * mean) / number);
    assertThat(mean).isBetween(small - 5 * deviation, small + 5 * deviation);
    assertThat(deviation).isLessThan(small / 20);
  }

  private static float[] gaussians(SplittableRandom random) {
    var values = new float[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
      double sum = -6;
      for (int k = 0; k < 12; k++) {
        sum += random.nextDouble();
      }
      values[i] = (float) sum;
    }
    return values;
  }
}
