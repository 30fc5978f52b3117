package io.tributary.weights.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.weights.SyntheticLayer;
import io.tributary.weights.SyntheticLayer.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwqRecipeTest {
  private static final SyntheticLayer LAYER = SyntheticLayer.of(Long.getLong("test.seed", 7));

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void outputsLoseLessThanByRoundingToNearest(int bits) {
    double nearest = LAYER.apply("rtn:" + bits + ",g=128,asym").proxy();
    Outcome awq = LAYER.apply("awq:" + bits + ",g=128,asym");
    System.out.printf("%d bits: rtn %.4f awq %.4f%n", bits, nearest, awq.proxy());
    assertThat(nearest / awq.proxy()).isGreaterThan(1.3);
    assertThat(awq.bits())
        .isCloseTo(bits + (16 + bits * 4) / 128.0 + 16.0 / SyntheticLayer.ROWS, within(1e-9));
  }

  /** Inputs of equal size leave nothing to scale. */
  @Test
  void equalInputsGiveNearestRounding() {
    double[] white = new double[SyntheticLayer.WIDTH * SyntheticLayer.WIDTH];
    for (int j = 0; j < SyntheticLayer.WIDTH; j++) {
      white[j * SyntheticLayer.WIDTH + j] = 2;
    }
    assertThat(LAYER.apply("awq:3", LAYER.weights, (tensor, n) -> white.clone()).decoded())
        .isEqualTo(LAYER.apply("rtn:3").decoded());
  }
}
