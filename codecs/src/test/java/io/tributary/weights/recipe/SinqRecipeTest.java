package io.tributary.weights.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.weights.Hessians;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.SyntheticLayer;
import io.tributary.weights.SyntheticLayer.Outcome;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.transform.SinkhornScales;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinqRecipeTest {
  private static final int M = SyntheticLayer.ROWS;
  private static final int N = SyntheticLayer.WIDTH;
  private static final SyntheticLayer LAYER = SyntheticLayer.of(Long.getLong("test.seed", 4));

  /** The layer with columns of very different sizes. */
  private static float[] loudColumns() {
    var random = new Random(5);
    float[] weights = LAYER.weights.clone();
    for (int j = 0; j < N; j++) {
      float gain = (float) Math.exp(random.nextGaussian());
      for (int i = 0; i < M; i++) {
        weights[i * N + j] *= gain;
      }
    }
    return weights;
  }

  @ParameterizedTest
  @CsvSource({"2,1.0", "3,1.1", "4,1.1"})
  void bothAxesLoseLessThanOne(int bits, double ratio) {
    String rtn = "rtn:" + bits + ",g=64,asym";
    Outcome nearest = LAYER.apply(rtn);
    Outcome sinq = LAYER.apply("sinq:" + bits + ",g=64");
    System.out.printf(
        "%d bits: weights %.3f proxy %.3f%n",
        bits, nearest.weightError() / sinq.weightError(), nearest.proxy() / sinq.proxy());
    assertThat(nearest.weightError() / sinq.weightError()).isGreaterThan(ratio);
    assertThat(sinq.proxy()).isLessThan(nearest.proxy());
    assertThat(sinq.bits()).isCloseTo(bits + (16.0 + 2 * bits) / 64 + 16.0 / M, within(1e-9));
  }

  @Test
  void loudColumnsNoLongerDrownOthers() {
    float[] weights = loudColumns();
    double nearest = columnError(weights, LAYER.apply("rtn:4,g=64,asym", weights, Hessians.none()));
    double sinq = columnError(weights, LAYER.apply("sinq:4,g=64", weights, Hessians.none()));
    System.out.printf("mean relative error of a column %.4f, by sinq %.4f%n", nearest, sinq);
    assertThat(sinq).isLessThan(nearest / 8);
  }

  private static double columnError(float[] weights, Outcome outcome) {
    double sum = 0;
    for (int j = 0; j < N; j++) {
      double error = 0;
      double energy = 0;
      for (int i = 0; i < M; i++) {
        error += Math.pow((double) weights[i * N + j] - outcome.decoded()[i * N + j], 2);
        energy += Math.pow(weights[i * N + j], 2);
      }
      sum += error / energy / N;
    }
    return sum;
  }

  @Test
  void imbalanceFalls() {
    try (var workers = new RowWorkers(2)) {
      var found = SinkhornScales.find(new WeightMatrix(LAYER.weights, M, N), 64, workers);
      assertThat(found.after()).isLessThan(0.4 * found.before());
      var loud = SinkhornScales.find(new WeightMatrix(loudColumns(), M, N), 64, workers);
      System.out.printf("imbalance %.2f to %.2f%n", loud.before(), loud.after());
      assertThat(loud.after()).isLessThan(0.1 * loud.before());
    }
  }
}
