package io.tributary.weights.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.codecs.internal.SimdSupport;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeSimdKernelEqualityTest {
  private static final long SEED = Long.getLong("test.seed", 89);
  private static final float[] NUMBERS = {
    0, -0f, 1, 0.3f, -7.5f, 1e-40f, 6e4f, 3e38f, Float.POSITIVE_INFINITY, Float.NaN
  };

  @BeforeEach
  void needsVectors() {
    String reason = SimdSupport.unusableBecause();
    assumeTrue(reason.isEmpty(), reason);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 16, 33, 256})
  void everyValueIsTheDefinitions(int count) {
    System.out.println("seed " + SEED);
    var codes = new byte[count + 3];
    new Random(SEED).nextBytes(codes);
    for (float scale : NUMBERS) {
      for (float zero : NUMBERS) {
        var expected = new float[count + 5];
        var found = new float[count + 5];
        new CodeScalarKernel().decode(codes, 2, count, scale, zero, expected, 1);
        new CodeSimdKernel().decode(codes, 2, count, scale, zero, found, 1);
        assertThat(found).isEqualTo(expected);
      }
    }
  }
}
