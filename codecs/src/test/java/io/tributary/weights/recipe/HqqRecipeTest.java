package io.tributary.weights.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.weights.SyntheticLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HqqRecipeTest {
  private static final SyntheticLayer LAYER = SyntheticLayer.of(Long.getLong("test.seed", 6));

  /** The mean of |error|^p. */
  private static double norm(float[] decoded, double p) {
    double sum = 0;
    for (int i = 0; i < decoded.length; i++) {
      sum += Math.pow(Math.abs((double) decoded[i] - LAYER.weights[i]), p);
    }
    return sum / decoded.length;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void searchedZerosLoseLess(int bits) {
    float[] fitted = LAYER.apply("rtn:" + bits + ",g=64,asym").decoded();
    float[] searched = LAYER.apply("hqq:" + bits + ",g=64").decoded();
    System.out.printf(
        "%d bits: |e| %.3f, |e|^0.7 %.3f of rtn's%n",
        bits, norm(searched, 1) / norm(fitted, 1), norm(searched, 0.7) / norm(fitted, 0.7));
    assertThat(norm(searched, 1)).isLessThan(norm(fitted, 1));
    assertThat(norm(searched, 0.7)).isLessThan(norm(fitted, 0.7));
  }

  @Test
  void bitsAreCounted() {
    assertThat(LAYER.apply("hqq:4,g=64").bits()).isEqualTo(4.5);
  }
}
