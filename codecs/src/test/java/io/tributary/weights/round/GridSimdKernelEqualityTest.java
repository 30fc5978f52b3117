package io.tributary.weights.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.codecs.internal.SimdSupport;
import io.tributary.weights.pack.GridLayout;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.ScaleType;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GridSimdKernelEqualityTest {
  private static final long SEED = Long.getLong("test.seed", 71);

  private final GridKernel definition = new GridScalarKernel();

  @BeforeEach
  void needsVectors() {
    String reason = SimdSupport.unusableBecause();
    assumeTrue(reason.isEmpty(), reason);
  }

  /** Groups of all kinds: of zeros, of one value, nearly of one, tiny, huge, with outliers. */
  private static float[] awkward(Random random, int groups, int count) {
    var values = new float[groups * count];
    for (int i = 0; i < values.length; i++) {
      float value = 0.02f * (float) random.nextGaussian();
      values[i] =
          switch (i / count % 13) {
            case 0 -> 0;
            case 1 -> 0.25f;
            case 2 -> 1000 + 1e-4f * value;
            case 3 -> value * 1e-36f;
            case 4 -> value * 1e36f;
            case 5 -> i % 2 == 0 ? 3e38f : -3e38f;
            case 6 -> i % 16 == 3 ? 100 * value : value;
            case 7 -> random.nextInt(5) - 2;
            case 8 -> -Math.abs(value);
            default -> value;
          };
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void everyNumberIsTheDefinitions(ZeroForm form) {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    for (int bits : new int[] {2, 4, 8}) {
      for (int count : new int[] {1, 5, 16, 33, 64, 1100}) {
        var layout = new GridLayout(bits, count, ScaleType.F16, form);
        for (int groups : new int[] {1, 16, 39}) {
          float[] weights = awkward(random, groups, count);
          check(new GridFit(layout, true), weights, groups, count);
        }
      }
    }
  }

  private void check(GridFit fit, float[] weights, int groups, int count) {
    var simd = new GridSimdKernel();
    var fitted = GridMatrix.empty(fit.layout(), groups, count);
    for (int g = 0; g < groups; g++) {
      float low = definition.least(weights, g * count, count);
      float high = definition.most(weights, g * count, count);
      assertThat(simd.least(weights, g * count, count)).isEqualTo(low);
      assertThat(simd.most(weights, g * count, count)).isEqualTo(high);
      fit.span(low, high, fitted, g);
    }
    GridMatrix expected = copy(fitted);
    GridMatrix found = copy(fitted);
    for (GridMatrix grid : new GridMatrix[] {expected, found}) {
      GridKernel kernel = grid == expected ? definition : simd;
      for (int g = 0; g < groups; g++) {
        kernel.codes(weights, g * count, count, grid, g);
      }
    }
    assertSame(found, expected);
    definition.search(weights, 0, count, groups, fit, expected, 0);
    simd.search(weights, 0, count, groups, fit, found, 0);
    assertSame(found, expected);
    expected = copy(fitted);
    found = copy(fitted);
    definition.zeros(weights, 0, count, groups, expected, 0);
    simd.zeros(weights, 0, count, groups, found, 0);
    assertSame(found, expected);
    if (fit.layout().zero() != ZeroForm.MIDDLE) {
      for (float zero : expected.zeros()) {
        assertThat(zero).isFinite();
      }
    }
  }

  private static GridMatrix copy(GridMatrix grid) {
    return new GridMatrix(
        grid.layout(),
        grid.rows(),
        grid.width(),
        grid.codes().clone(),
        grid.scales().clone(),
        grid.zeros().clone());
  }

  private static void assertSame(GridMatrix found, GridMatrix expected) {
    assertThat(found.codes()).isEqualTo(expected.codes());
    assertThat(found.scales()).isEqualTo(expected.scales());
    assertThat(found.zeros()).isEqualTo(expected.zeros());
  }
}
