package io.tributary.weights.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.weights.SyntheticLayer;
import io.tributary.weights.pack.GridLayout;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.ScaleType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnLoopTest {
  private static final int N = SyntheticLayer.WIDTH;
  private static final SyntheticLayer LAYER = SyntheticLayer.of(Long.getLong("test.seed", 3));
  private static final HessianFactor FACTOR =
      HessianFactor.of("w", LAYER.hessian.clone(), N, 0.01, note -> {});

  private static GridMatrix round(ColumnLoop loop, int group, double[] loss) {
    var layout = new GridLayout(3, group, ScaleType.F16, ZeroForm.CODE);
    var grid = GridMatrix.empty(layout, SyntheticLayer.ROWS, N);
    loss[0] =
        loop.round(
            LAYER.weights,
            0,
            SyntheticLayer.ROWS,
            new GridRounder(new GridFit(layout, false), grid));
    return grid;
  }

  @Test
  void theFactorIsThatOfTheInverse() {
    double[] upper = FACTOR.upper();
    double[] damped = FACTOR.damped();
    // H Uᵀ U is the identity.
    for (int i = 0; i < N; i += 37) {
      var product = new double[N];
      for (int k = 0; k < N; k++) {
        double along = 0;
        for (int j = k; j < N; j++) {
          along += damped[i * N + j] * upper[k * N + j];
        }
        for (int j = k; j < N; j++) {
          product[j] += along * upper[k * N + j];
        }
      }
      for (int j = 0; j < N; j++) {
        assertThat(product[j]).isCloseTo(i == j ? 1 : 0, within(1e-9));
      }
    }
  }

  /** The squared quotients add up to the loss under the damped Hessian. */
  @ParameterizedTest
  @CsvSource({"128", "32", "100", "0"})
  void theLossIsExactlyTheSumOfSquares(int group) {
    var told = new double[1];
    int width = group == 0 ? N : group;
    GridMatrix grid = round(new ColumnLoop(FACTOR, width), group, told);
    double loss = 0;
    for (int i = 0; i < SyntheticLayer.ROWS; i++) {
      var error = new double[N];
      for (int j = 0; j < N; j++) {
        error[j] = (double) LAYER.weights[i * N + j] - grid.value(i, j);
      }
      loss += SyntheticLayer.quadratic(error, FACTOR.damped());
    }
    assertThat(told[0]).isCloseTo(loss, within(1e-10 * loss));
  }

  @ParameterizedTest
  @CsvSource({"32,1", "32,7", "32,256", "100,64", "0,16"})
  void whereBlocksEndChangesNothing(int group, int block) {
    var expected = new double[1];
    var found = new double[1];
    int width = group == 0 ? N : group;
    GridMatrix one = round(new ColumnLoop(FACTOR, width), group, expected);
    GridMatrix other = round(new ColumnLoop(FACTOR, width, block), group, found);
    assertThat(found[0]).isCloseTo(expected[0], within(1e-12 * expected[0]));
    assertThat(other.codes()).containsExactly(one.codes());
    assertThat(other.scales()).containsExactly(one.scales());
  }
}
