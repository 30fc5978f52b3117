package io.tributary.coordinator.outer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NesterovOuterOptimizerTest {
  /** By hand, exact in float32: u = 0.5 u + d, change = 0.25 (d + 0.5 u). */
  @Test
  void itGivesTheNumbersOfTheDefinition() {
    var optimizer = new NesterovOuterOptimizer(0.25f, 0.5f);
    float[] velocity = {0, 0};

    float[] first = {8, -4};
    optimizer.step(first, velocity);
    assertThat(velocity).containsExactly(8, -4);
    assertThat(first).containsExactly(3, -1.5f); // 0.25 (8 + 4), 0.25 (-4 - 2)

    float[] second = {2, 0};
    optimizer.step(second, velocity);
    assertThat(velocity).containsExactly(6, -2); // 4 + 2, -2 + 0
    assertThat(second).containsExactly(1.25f, -0.25f); // 0.25 (2 + 3), 0.25 (0 - 1)

    float[] third = {0, 0};
    optimizer.step(third, velocity);
    assertThat(velocity).containsExactly(3, -1);
    assertThat(third).containsExactly(0.375f, -0.125f);
  }

  @Test
  void withoutMomentumAndWithRateOneItIsTheMean() {
    var optimizer = new NesterovOuterOptimizer(1, 0);
    float[] gradient = {0.1f, -7, 1e-20f};
    float[] velocity = new float[3];
    optimizer.step(gradient, velocity);
    assertThat(gradient).containsExactly(0.1f, -7, 1e-20f);
  }
}
