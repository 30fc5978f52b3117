package io.tributary.codecs.lowrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.error.TributaryException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LowRankRankTest {
  private static final int WIDTH = 64;
  private static final int ROWS = 192;

  /** A matrix whose singular values are about the given ones, and a little noise. */
  private static float[] matrix(double[] values, double noise, long seed) {
    var random = new Random(seed);
    var matrix = new float[ROWS * WIDTH];
    for (double value : values) {
      var left = new double[ROWS];
      var right = new double[WIDTH];
      for (int i = 0; i < ROWS; i++) {
        left[i] = random.nextGaussian() / Math.sqrt(ROWS);
      }
      for (int j = 0; j < WIDTH; j++) {
        right[j] = random.nextGaussian() / Math.sqrt(WIDTH);
      }
      for (int i = 0; i < matrix.length; i++) {
        matrix[i] += (float) (value * left[i / WIDTH] * right[i % WIDTH]);
      }
    }
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] += (float) (noise * random.nextGaussian() / Math.sqrt(matrix.length));
    }
    return matrix;
  }

  private static double error(String parameter, float[] values) {
    TensorCodec codec = new LowRankProvider().create(Backend.SCALAR, parameter);
    var bytes = new byte[codec.maxEncodedLength(values.length)];
    int length = codec.encode(values, 0, values.length, bytes, 0);
    assertThat(8.0 * length / values.length)
        .isLessThanOrEqualTo(codec.bitsPerElement(values.length));
    var decoded = new float[values.length];
    codec.decode(bytes, 0, length, values.length, decoded, 0);
    double lost = 0;
    double all = 0;
    for (int i = 0; i < values.length; i++) {
      lost += Math.pow(values[i] - decoded[i], 2);
      all += Math.pow(values[i], 2);
    }
    return Math.sqrt(lost / all);
  }

  @ParameterizedTest
  @CsvSource({"1e-30", "1", "1e30"})
  void aMatrixOfLowRankComesBackWhateverItsUnit(double unit) {
    double[] values = {3 * unit, 2 * unit, unit};
    for (long seed = 1; seed <= 5; seed++) {
      float[] matrix = matrix(values, 0, seed);
      assertThat(error("3-64", matrix)).as("seed %d", seed).isLessThan(0.005);
      assertThat(error("8-64", matrix)).as("more than its rank, seed %d", seed).isLessThan(0.005);
      // Rows that follow each other make one row: twice the rank, at most.
      assertThat(error("6-128", matrix)).as("twice the width, seed %d", seed).isLessThan(0.005);
      assertThat(error("6-32", matrix)).as("half the width, seed %d", seed).isLessThan(0.005);
    }
  }

  @Test
  void theLargestDirectionsAreSent() {
    for (long seed = 1; seed <= 5; seed++) {
      float[] matrix = matrix(new double[] {10, 8}, 1, seed);
      assertThat(error("2-64", matrix)).as("seed %d", seed).isBetween(0.05, 0.09);
      assertThat(error("1-64", matrix)).as("seed %d", seed).isGreaterThan(0.4);
    }
  }

  @Test
  void withErrorFeedbackNothingIsLostForGood() {
    float[] values = matrix(new double[] {4, 3, 2, 1}, 0.5, 7);
    var session = CodecRegistry.load().session("lowrank:2-64+ef", values.length);
    var sum = new float[values.length];
    var bytes = new byte[session.codec().maxEncodedLength(values.length)];
    int rounds = 200;
    for (int round = 0; round < rounds; round++) {
      int length = session.encode(0, values, 0, values.length, bytes, 0);
      session.codec().accumulate(bytes, 0, length, values.length, sum, 0);
    }
    double lost = 0;
    double all = 0;
    for (int i = 0; i < values.length; i++) {
      lost += Math.pow(values[i] - (double) sum[i] / rounds, 2);
      all += Math.pow(values[i], 2);
    }
    assertThat(Math.sqrt(lost / all)).isLessThan(0.05);
  }

  @Test
  void theWidthIsNearTheRoot() {
    var layout = LowRankLayout.parse("4");
    assertThat(layout.widthOf(1)).isEqualTo(2);
    assertThat(layout.widthOf(15)).isEqualTo(2);
    assertThat(layout.widthOf(16)).isEqualTo(4);
    assertThat(layout.widthOf(1 << 16)).isEqualTo(256);
    assertThat(layout.widthOf((1 << 16) - 1)).isEqualTo(128);
    assertThat(LowRankLayout.parse("4-96").widthOf(1 << 16)).isEqualTo(96);
  }

  @Test
  void theBoundHoldsForTheLargestChunks() {
    for (String parameter : new String[] {"1", "64", "64-2", "3-32768"}) {
      var layout = LowRankLayout.parse(parameter);
      long before = 0;
      for (int count :
          new int[] {0, 1, 63, 4095, 4096, 65_535, 1 << 26, 1 << 30, Integer.MAX_VALUE}) {
        int width = layout.widthOf(count);
        int rank = Math.min(layout.rank(), Math.min(width, LowRankLayout.rows(count, width)));
        long factors = LowRankLayout.length(count, width, rank);
        assertThat(layout.bound(count))
            .as("%s, %d", parameter, count)
            .isGreaterThanOrEqualTo(Math.min(factors, LowRankLayout.plainLength(count)))
            .isGreaterThanOrEqualTo(before);
        before = layout.bound(count);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65", "4-1", "4-32769", "-4", "4x64", "4-", "r4"})
  void otherParametersAreRefused(String parameter) {
    assertThatThrownBy(() -> LowRankLayout.parse(parameter))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("'" + parameter + "'")
        .hasMessageContaining("4-64");
  }
}
