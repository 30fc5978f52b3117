package io.tributary.weights.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.codecs.internal.SimdSupport;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HessianSimdKernelEqualityTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  @BeforeEach
  void needsVectors() {
    String reason = SimdSupport.unusableBecause();
    assumeTrue(reason.isEmpty(), reason);
  }

  @Test
  void everySumIsTheDefinitions() {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    for (int count : new int[] {1, 2, 7, 64}) {
      for (int width : new int[] {1, 15, 16, 17, 40}) {
        var inputs = new float[count * width];
        for (int i = 0; i < inputs.length; i++) {
          inputs[i] = (float) random.nextGaussian();
        }
        InputPanels panels = InputPanels.of(inputs, count, width);
        int stride = (width + 15) / 16 * 16;
        var expected = new double[stride * stride];
        for (int i = 0; i < expected.length; i++) {
          expected[i] = random.nextGaussian();
        }
        double[] found = expected.clone();
        for (int row = 0; row < stride / 16; row++) {
          for (int column = row; column < stride / 16; column++) {
            new HessianScalarKernel().add(panels, row, column, expected, stride);
            new HessianSimdKernel().add(panels, row, column, found, stride);
          }
        }
        assertThat(found).isEqualTo(expected);
      }
    }
  }
}
