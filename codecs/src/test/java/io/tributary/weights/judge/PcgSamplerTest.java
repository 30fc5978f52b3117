package io.tributary.weights.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Sets as NumPy 2.4.6 draws them: {@code default_rng(seed).choice(n, k, replace=False)}. */
class PcgSamplerTest {
  @Test
  void setsAreNumPys() {
    var zero = new PcgSampler(0);
    assertThat(zero.draw(126, 19))
        .containsExactly(56, 29, 95, 78, 70, 89, 69, 20, 60, 1, 118, 8, 108, 4, 91, 76, 73, 34, 67);
    assertThat(zero.draw(126, 19))
        .containsExactly(
            46, 32, 14, 30, 56, 44, 125, 77, 0, 52, 121, 3, 92, 61, 100, 76, 123, 73, 114);
    assertThat(zero.draw(126, 19))
        .containsExactly(
            70, 37, 92, 111, 120, 48, 65, 76, 8, 103, 29, 33, 123, 40, 96, 77, 84, 60, 59);
    var most = new PcgSampler(-1);
    assertThat(most.draw(10, 10)).containsExactly(0, 4, 6, 8, 7, 3, 5, 2, 1, 9);
    assertThat(most.draw(5, 1)).containsExactly(3);
    assertThat(most.draw(10_000, 4)).containsExactly(5250, 7195, 7767, 7246);
  }

  @Test
  void otherSetsAreRefused() {
    var sampler = new PcgSampler(0);
    for (int[] wanted : new int[][] {{3, 4}, {3, -1}, {10_001, 1}}) {
      assertThatThrownBy(() -> sampler.draw(wanted[0], wanted[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
