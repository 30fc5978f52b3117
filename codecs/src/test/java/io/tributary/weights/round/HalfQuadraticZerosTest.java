package io.tributary.weights.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HalfQuadraticZerosTest {
  @Test
  void thePowerIsNearTheExactOne() {
    for (float x = 1e-30f; x < 1e30f; x *= 1.0137f) {
      double exact = StrictMath.pow(x, -0.3);
      assertThat((double) HalfQuadraticZeros.powerOfMinus03(x))
          .isCloseTo(exact, within(4e-5 * exact));
    }
    assertThat(HalfQuadraticZeros.powerOfMinus03(0)).isGreaterThan(1e10f);
  }
}
