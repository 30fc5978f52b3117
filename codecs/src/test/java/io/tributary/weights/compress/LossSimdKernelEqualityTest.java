package io.tributary.weights.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.codecs.internal.SimdSupport;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossSimdKernelEqualityTest {
  private static final long SEED = Long.getLong("test.seed", 83);

  private final LossKernel definition = new LossScalarKernel();

  @BeforeEach
  void needsVectors() {
    String reason = SimdSupport.unusableBecause();
    assumeTrue(reason.isEmpty(), reason);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 64, 1003, 65_536})
  void bothSumsAreTheDefinitions(int count) {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    var values = new float[count];
    var decoded = new float[count];
    for (int i = 0; i < count; i++) {
      float scale = (float) Math.pow(2, random.nextInt(200) - 100);
      values[i] = scale * (float) random.nextGaussian();
      decoded[i] = i % 5 == 0 ? values[i] : values[i] + 0.1f * scale * random.nextFloat();
    }
    checkSame(values, decoded);
    if (count > 0) {
      values[count / 2] = Float.NEGATIVE_INFINITY;
      checkSame(values, decoded);
      decoded[count / 2] = Float.NEGATIVE_INFINITY;
      checkSame(values, decoded);
    }
  }

  private void checkSame(float[] values, float[] decoded) {
    var simd = new LossSimdKernel();
    assertThat(Double.doubleToLongBits(simd.energy(values)))
        .isEqualTo(Double.doubleToLongBits(definition.energy(values)));
    assertThat(Double.doubleToLongBits(simd.error(values, decoded)))
        .isEqualTo(Double.doubleToLongBits(definition.error(values, decoded)));
  }
}
