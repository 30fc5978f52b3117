package io.tributary.weights.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.weights.Hessians;
import io.tributary.weights.SyntheticLayer;
import io.tributary.weights.SyntheticLayer.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtnRecipeTest {
  private static final SyntheticLayer LAYER = SyntheticLayer.of(Long.getLong("test.seed", 1));

  @ParameterizedTest
  @CsvSource({
    "'rtn:4,g=128',4.125",
    "'rtn:2,g=128',2.125",
    "'rtn:4,g=128,scale=f32',4.25",
    "'rtn:4,g=32,asym',4.625",
    "'rtn:3,g=0',3.0625"
  })
  void allBitsAreCounted(String recipe, double bits) {
    assertThat(LAYER.apply(recipe).bits()).isCloseTo(bits, within(1e-9));
  }

  /** Each weight that isn't clipped is at most half a step from its value. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 8})
  void errorsStayWithinHalfAStep(int bits) {
    float[] decoded = LAYER.apply("rtn:" + bits + ",g=64").decoded();
    int levels = (1 << (bits - 1)) - 1;
    double largest = 0;
    for (int i = 0; i < decoded.length; i += 64) {
      float most = 0;
      for (int j = i; j < i + 64; j++) {
        most = Math.max(most, Math.abs(LAYER.weights[j]));
      }
      double half = most / levels / 2 * 1.001;
      for (int j = i; j < i + 64; j++) {
        largest = Math.max(largest, Math.abs(decoded[j] - LAYER.weights[j]) / half);
      }
    }
    assertThat(largest).isBetween(0.5, 1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rtn:4,g=128", "rtn:2,g=32", "rtn:3,g=0,scale=bf16", "rtn:8,g=64"})
  void whatWasRoundedIsNotRoundedAgain(String recipe) {
    float[] once = LAYER.apply(recipe).decoded();
    assertThat(LAYER.apply(recipe, once, Hessians.none()).decoded()).isEqualTo(once);
  }

  @Test
  void zerosOfGroupsAndSearchedSpansLoseLess() {
    Outcome plain = LAYER.apply("rtn:3,g=32");
    assertThat(LAYER.apply("rtn:3,g=32,asym").weightError()).isLessThan(plain.weightError());
    assertThat(LAYER.apply("rtn:3,g=128,search").weightError())
        .isLessThan(LAYER.apply("rtn:3,g=128").weightError());
  }

  @Test
  void zerosAndTinyWeightsStay() {
    var weights = new float[SyntheticLayer.ROWS * SyntheticLayer.WIDTH];
    weights[300] = Float.MIN_VALUE;
    for (String recipe : new String[] {"rtn:4", "rtn:4,asym", "sinq:4", "hqq:4"}) {
      assertThat(LAYER.apply(recipe, weights, Hessians.none()).decoded())
          .isEqualTo(new float[weights.length]);
    }
  }

  @Test
  void aWeightThatIsNoNumberIsNamed() {
    float[] weights = LAYER.weights.clone();
    weights[3 * SyntheticLayer.WIDTH + 5] = Float.NaN;
    for (String recipe : new String[] {"rtn:4", "gptq:4", "sinq:4", "hqq:4"}) {
      assertThatThrownBy(() -> LAYER.apply(recipe, weights, LAYER.hessians()))
          .isInstanceOf(TributaryException.class)
          .hasMessageContaining("tensor w, row 3, column 5: expected a finite number, found NaN")
          .extracting(e -> ((TributaryException) e).code())
          .isEqualTo(ErrorCode.NON_FINITE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rtm:4, 'one of '",
    "rtn, rtn:N with N from 2 to 8",
    "rtn:1, rtn:N with N from 2 to 8",
    "'rtn:4,h=3', 'no option h; rtn has: asym, g, scale, search'",
    "'rtn:4,g=x', g=N with N from 0",
    "'rtn:4,g=8,g=8', each option once",
    "'rtn:4,scale=f8', 'scale=, one of [f16, bf16, f32]'",
    "'rtn:4,asym=1', asym without a value",
    "'plain:3,x', no option x",
    "'', NAME or NAME:NUMBER",
    "'4bit', NAME or NAME:NUMBER"
  })
  void aWrongTextIsOneClearError(String text, String message) {
    assertThatThrownBy(() -> Recipes.parse(text))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(message);
  }

  @Test
  void sizesAreThoseThatRecipesHave() {
    assertThat(Recipes.sizes(Recipes.parse("rtn:4,g=64,asym")))
        .extracting(Object::toString)
        .hasSize(7)
        .startsWith("rtn:2,g=64,asym")
        .endsWith("rtn:8,g=64,asym");
    assertThat(Recipes.sizes(Recipes.parse("baq:3"))).hasSize(6);
    assertThat(Recipes.sizes(Recipes.parse("q4_k,inputs")))
        .extracting(Object::toString)
        .contains("q2_k,inputs", "q8_0,inputs");
    assertThat(Recipes.sizes(Recipes.parse("plain"))).hasSize(1);
  }
}
