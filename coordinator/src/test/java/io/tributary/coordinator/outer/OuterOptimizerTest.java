package io.tributary.coordinator.outer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OuterOptimizerTest {
  @Test
  void theTextChoosesTheMethod() {
    float[] velocity = {4};
    float[] gradient = {8};
    OuterOptimizer.parse("average:0.5").step(gradient, velocity);
    assertThat(gradient).containsExactly(4);
    assertThat(velocity).as("left alone").containsExactly(4);

    OuterOptimizer.parse("nesterov:0.5,0.5").step(gradient, velocity);
    assertThat(velocity).containsExactly(6); // 0.5 · 4 + 4
    assertThat(gradient).containsExactly(3.5f); // 0.5 (4 + 0.5 · 6)
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nesterov",
        "nesterov:0.7",
        "nesterov:0.7,0.9,1",
        "nesterov:0,0.9",
        "nesterov:11,0.9",
        "nesterov:0.7,1",
        "nesterov:0.7,-0.1",
        "nesterov:NaN,0",
        "nesterov:0.7,NaN",
        "average:",
        "average:0",
        "average:1,0",
        "average:ten",
        "adam:1"
      })
  void whatIsNoOptimizerIsRefused(String text) {
    assertThatThrownBy(() -> OuterOptimizer.parse(text))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING))
        .hasMessageStartingWith("outer");
  }
}
