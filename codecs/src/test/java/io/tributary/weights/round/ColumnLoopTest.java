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
    assertThat(other.codes()).isEqualTo(one.codes());
    assertThat(other.scales()).isEqualTo(one.scales());
  }

  /** On a grid without ends errors are uniform: each costs a twelfth of what the factor says. */
  @Test
  void theLossIsThatOfTheory() {
    var random = new java.util.Random(6);
    int rows = 256;
    var weights = new float[rows * N];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextFloat() * 15;
    }
    double loss =
        new ColumnLoop(FACTOR, N)
            .round(weights, 0, rows, (row, column, weight) -> Math.rint(weight));
    double trace = 0;
    double traceOfHessian = 0;
    for (int j = 0; j < N; j++) {
      trace += 1 / (FACTOR.diagonal(j) * FACTOR.diagonal(j));
      traceOfHessian += FACTOR.damped()[j * N + j];
    }
    assertThat(loss / (rows * trace / 12)).isCloseTo(1, within(0.05));
    double nearest = 0;
    for (int row = 0; row < rows; row++) {
      var error = new double[N];
      for (int j = 0; j < N; j++) {
        error[j] = weights[row * N + j] - Math.rint(weights[row * N + j]);
      }
      nearest += SyntheticLayer.quadratic(error, FACTOR.damped());
    }
    assertThat(nearest / (rows * traceOfHessian / 12)).isCloseTo(1, within(0.05));
    assertThat(loss).isLessThan(0.8 * nearest);
  }

  /**
   * Where the grid ends, feedback can do great harm: a matrix made for that by QuIP's authors. A
   * loop that does well here is another algorithm.
   */
  @Test
  void feedbackAtTheGridsEndIsHarmful() {
    int n = 256;
    int rows = 4;
    double c = 0.01;
    var hessian = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        hessian[i * n + j] = i == j ? 2 : 1;
      }
    }
    hessian[n * n - 1] = 1;
    for (int j = 1; j < n; j++) {
      double more = j == n - 1 ? c : 2 * c;
      hessian[j] += more;
      hessian[j * n] += more;
    }
    hessian[0] += 4 * c + n * c * c;
    var weights = new float[rows * n];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 2 == 0 ? 0.499f : 0.501f;
    }
    HessianFactor factor = HessianFactor.of("w", hessian.clone(), n, 1e-9, note -> {});
    double loop =
        new ColumnLoop(factor, n)
            .round(
                weights,
                0,
                rows,
                (row, column, weight) -> Math.max(0, Math.min(3, Math.rint(weight))));
    double nearest = 0;
    for (int row = 0; row < rows; row++) {
      var error = new double[n];
      for (int j = 0; j < n; j++) {
        error[j] = weights[row * n + j] - Math.rint(weights[row * n + j]);
      }
      nearest += SyntheticLayer.quadratic(error, hessian);
    }
    System.out.printf("loop %.0f, nearest %.0f%n", loop, nearest);
    assertThat(nearest).isBetween(250.0, 260.0);
    assertThat(loop).isBetween(60_000.0, 67_000.0);
  }
}
