package io.tributary.weights.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.weights.Hessians;
import io.tributary.weights.SyntheticLayer;
import io.tributary.weights.SyntheticLayer.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GptqRecipeTest {
  private static final SyntheticLayer LAYER = SyntheticLayer.of(Long.getLong("test.seed", 2));

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void outputsLoseLessThanByRoundingToNearest(int bits) {
    double nearest = LAYER.apply("rtn:" + bits + ",g=128,asym").proxy();
    Outcome gptq = LAYER.apply("gptq:" + bits + ",g=128,asym");
    Outcome ordered = LAYER.apply("gptq:" + bits + ",g=128,asym,order");
    System.out.printf(
        "%d bits: rtn %.4f gptq %.4f ordered %.4f%n", bits, nearest, gptq.proxy(), ordered.proxy());
    assertThat(nearest / gptq.proxy()).isGreaterThan(1.3);
    assertThat(nearest / ordered.proxy()).isGreaterThan(1.3);
    assertThat(ordered.bits() - gptq.bits()).isEqualTo(16.0 / SyntheticLayer.ROWS);
  }

  /** Inputs that are white say nothing: then all that is left is rounding to nearest. */
  @Test
  void whiteInputsGiveNearestRounding() {
    Hessians white = (tensor, n) -> identity(n, 3);
    assertThat(LAYER.apply("gptq:3,g=64", LAYER.weights, white).decoded())
        .isEqualTo(LAYER.apply("rtn:3,g=64").decoded());
  }

  private static double[] identity(int n, double diagonal) {
    var matrix = new double[n * n];
    for (int j = 0; j < n; j++) {
      matrix[j * n + j] = diagonal;
    }
    return matrix;
  }

  @Test
  void aHessianThatIsNotPositiveDefiniteIsDampedAndThatIsSaid() {
    Hessians broken =
        (tensor, n) -> {
          double[] hessian = LAYER.hessian.clone();
          hessian[1] *= 40;
          hessian[n] *= 40;
          return hessian;
        };
    Outcome outcome = LAYER.apply("gptq:4", LAYER.weights, broken);
    assertThat(outcome.notes())
        .singleElement()
        .asString()
        .contains("w: its Hessian isn't positive definite; damped by");
    assertThat(outcome.proxy()).isLessThan(0.1);
  }

  @Test
  void inputsThatAreMissingOrAllZeroAreAnError() {
    assertThatThrownBy(() -> LAYER.apply("gptq:4", LAYER.weights, Hessians.none()))
        .hasMessageContaining("tensor w: expected inputs seen in calibration");
    assertThatThrownBy(() -> LAYER.apply("gptq:4", LAYER.weights, (tensor, n) -> new double[n * n]))
        .hasMessageContaining("Hessian of w: expected one above 0");
  }

  @Test
  void theTextIsRead() {
    assertThat(Recipes.parse("gptq:3,order,g=32,damp=0.1"))
        .hasToString("gptq:3,g=32,order,damp=0.1");
    assertThat(Recipes.parse("gptq:3").isCalibrated()).isTrue();
    assertThatThrownBy(() -> Recipes.parse("gptq:3,damp=0")).hasMessageContaining("damp=X");
  }
}
