package io.tributary.agent.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {
  @Test
  void warmsUpInEqualStepsAndStays() {
    LearningRate rate = LearningRate.constant(0.8, 4);
    assertThat(new double[] {rate.at(1), rate.at(2), rate.at(4), rate.at(5), rate.at(1_000_000)})
        .containsExactly(new double[] {0.2, 0.4, 0.8, 0.8, 0.8}, within(1e-12));
    assertThat(LearningRate.constant(0.8, 0).at(1)).isEqualTo(0.8);
  }

  @Test
  void theCosineEndsAtATenth() {
    var rate = new LearningRate(1, 10, 110);
    assertThat(rate.at(10)).isEqualTo(1);
    assertThat(rate.at(60)).isCloseTo(0.55, within(1e-12));
    assertThat(rate.at(110)).isCloseTo(0.1, within(1e-12));
    assertThat(rate.at(200)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void valuesOutOfBoundsAreRefused() {
    assertThatThrownBy(() -> LearningRate.constant(0, 0))
        .hasMessageContaining("learning rate: expected a number above 0, at most 10, found 0.0");
    assertThatThrownBy(() -> LearningRate.constant(Double.NaN, 0))
        .hasMessageContaining("found NaN");
    assertThatThrownBy(() -> LearningRate.constant(1, -1)).hasMessageContaining("warm-up");
    assertThatThrownBy(() -> new LearningRate(1, 10, 10))
        .hasMessageContaining("0 or more than the warm-up, 10, found 10");
  }
}
