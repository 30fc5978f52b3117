package io.tributary.weights.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.weights.SyntheticLayer;
import io.tributary.weights.SyntheticLayer.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuipRecipeTest {
  private static final SyntheticLayer LAYER = SyntheticLayer.of(Long.getLong("test.seed", 8));

  @Test
  void atTwoBitsRotationIsWorthMoreThanGroups() {
    double nearest = LAYER.apply("rtn:2,g=0,asym").proxy();
    double gptq = LAYER.apply("gptq:2,g=0,asym").proxy();
    Outcome loop = LAYER.apply("quip:2,greedy=0");
    Outcome quip = LAYER.apply("quip:2");
    System.out.printf(
        "rtn %.4f gptq %.4f quip without greedy passes %.4f, with %.4f%n",
        nearest, gptq, loop.proxy(), quip.proxy());
    assertThat(loop.proxy()).isLessThan(gptq / 3);
    assertThat(quip.proxy()).isLessThan(loop.proxy());
    assertThat(quip.bits())
        .isCloseTo(2 + 16.0 / SyntheticLayer.WIDTH + 16.0 / SyntheticLayer.ROWS, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void itBeatsGptqAtMoreBitsToo(int bits) {
    double gptq = LAYER.apply("gptq:" + bits + ",g=64,order").proxy();
    Outcome quip = LAYER.apply("quip:" + bits);
    System.out.printf("%d bits: gptq %.4f quip %.4f%n", bits, gptq, quip.proxy());
    assertThat(quip.proxy()).isLessThan(gptq);
  }
}
