package io.tributary.codecs.ecq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Backend;
import io.tributary.codec.TensorCodec;
import io.tributary.codec.TensorCorpus;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EcqTargetTest {
  private static final int CHUNK = 65_536;

  @ParameterizedTest
  @CsvSource({"3b,BITS,3", "0.25b,BITS,0.25", "0.05rel,RELATIVE,0.05", "1e-3abs,ABSOLUTE,0.001"})
  void formsAreRead(String text, String kind, double value) {
    assertThat(EcqTarget.parse(text))
        .isEqualTo(new EcqTarget(EcqTarget.Kind.valueOf(kind), value, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3",
        "b",
        "-1b",
        "3.b",
        "1b2b",
        "0x3b",
        "NaNb",
        "3bits",
        "1e999b",
        "2b-",
        "0.1rel-stochastic"
      })
  void otherFormsAreRefused(String text) {
    assertThatThrownBy(() -> EcqTarget.parse(text))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING))
        .hasMessageContaining(text)
        .hasMessageContaining("0.05rel");
  }

  @ParameterizedTest
  @CsvSource({"0b,0.1b", "0.05b,0.1b", "13b,12.0b", "0rel,1.0E-4rel", "1rel,0.99rel"})
  void targetThatCannotBeMetNamesTheNearest(String text, String nearest) {
    assertThatThrownBy(() -> EcqTarget.parse(text))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(nearest + " is nearest");
  }

  @Test
  void relativeErrorIsAPromise() {
    for (double goal : List.of(0.9, 0.3, 0.05, 0.001)) {
      TensorCodec codec = new EcqProvider().create(Backend.SCALAR, goal + "rel");
      TensorCorpus.all().forEach(values -> checkRelative(codec, values, goal));
      for (long seed = 1; seed <= 5; seed++) {
        checkRelative(codec, rowsOfDifferentScale(seed), goal);
      }
    }
  }

  private static void checkRelative(TensorCodec codec, float[] values, double goal) {
    float[] decoded = throughCodec(codec, values, new int[1]);
    double error = 0;
    double energy = 0;
    for (int i = 0; i < values.length; i++) {
      error += Math.pow((double) values[i] - decoded[i], 2);
      energy += (double) values[i] * values[i];
    }
    assertThat(error).isLessThanOrEqualTo(goal * goal * energy * (1 + 1e-9));
  }

  @Test
  void largestErrorIsAPromise() {
    for (double goal : List.of(1e-9, 0.001, 0.5, 1e20)) {
      TensorCodec codec = new EcqProvider().create(Backend.SCALAR, goal + "abs");
      TensorCorpus.all()
          .forEach(
              values -> {
                float[] decoded = throughCodec(codec, values, new int[1]);
                for (int i = 0; i < values.length; i++) {
                  assertThat(Math.abs((double) values[i] - decoded[i])).isLessThanOrEqualTo(goal);
                }
              });
    }
  }

  @Test
  void bitsAreMetInTheMean() {
    for (double goal : List.of(0.25, 0.9, 2.0, 4.0, 8.0)) {
      checkBits(goal, goal + "b");
    }
  }

  @Test
  void bitsAreMetWithRandomRounding() {
    for (double goal : List.of(0.25, 0.9, 2.0, 4.0, 8.0)) {
      checkBits(goal, goal + "b-stochastic");
    }
  }

  private static void checkBits(double goal, String parameter) {
    TensorCodec codec = new EcqProvider().create(Backend.SCALAR, parameter);
    long bytes = 0;
    for (long seed = 1; seed <= 8; seed++) {
      var length = new int[1];
      throughCodec(codec, rowsOfDifferentScale(seed), length);
      bytes += length[0];
    }
    assertThat(8.0 * bytes / (8 * CHUNK)).isBetween(goal * 0.88, goal * 1.04);
  }

  @Test
  void sparseChunksTakeFewBytes() {
    var values = new float[CHUNK];
    assertThat(length("2b", values)).isEqualTo(1);
    values[12_345] = -3f;
    assertThat(length("2b", values)).isLessThan(70);
    assertThat(length("0.01rel", values)).isLessThan(70);
  }

  private static int length(String parameter, float[] values) {
    var length = new int[1];
    throughCodec(new EcqProvider().create(Backend.SCALAR, parameter), values, length);
    return length[0];
  }

  private static float[] throughCodec(TensorCodec codec, float[] values, int[] length) {
    var bytes = new byte[codec.maxEncodedLength(values.length)];
    length[0] = codec.encode(values, 0, values.length, bytes, 0);
    var decoded = new float[values.length];
    codec.decode(bytes, 0, length[0], values.length, decoded, 0);
    return decoded;
  }

  private static float[] rowsOfDifferentScale(long seed) {
    var random = new SplittableRandom(seed);
    var values = new float[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
      double sum = -6;
      for (int k = 0; k < 12; k++) {
        sum += random.nextDouble();
      }
      values[i] = (float) Math.scalb(sum, i / 4096 * 7 % 5);
    }
    return values;
  }
}
