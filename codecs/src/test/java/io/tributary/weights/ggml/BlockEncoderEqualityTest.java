package io.tributary.weights.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.codecs.internal.SimdSupport;
import io.tributary.file.gguf.GgmlType;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockEncoderEqualityTest {
  private static final long SEED = Long.getLong("test.seed", 61);

  @BeforeEach
  void needsVectors() {
    String reason = SimdSupport.unusableBecause();
    assumeTrue(reason.isEmpty(), reason);
  }

  /** Groups of all kinds: of zeros, of one value, tiny, huge, of one sign, with outliers. */
  private static float[] awkward(Random random, int count) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      int kind = i / 16 * 7 % 29;
      float value = (float) random.nextGaussian();
      values[i] =
          switch (kind) {
            case 0 -> 0;
            case 1 -> -0f;
            case 2 -> 0.25f;
            case 3 -> value * 1e-16f;
            case 4 -> value * 1e-38f;
            case 5 -> value * 1e37f;
            case 6 -> i % 2 == 0 ? 3e38f : -3e38f;
            case 7 -> Math.abs(value);
            case 8 -> -Math.abs(value);
            case 9 -> i % 16 == 3 ? 100 * value : value;
            case 10 -> random.nextInt(5) - 2;
            case 12 -> value * 1e-42f;
            case 11 -> i % 16 == 0 ? value : 0;
            default -> value;
          };
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(names = {"Q2_K", "Q3_K", "Q4_0", "Q4_K", "Q5_K", "Q6_K", "Q8_0"})
  void everyByteIsTheDefinitions(GgmlType type) {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    for (int blocks : new int[] {1, 2, 3, 16, 67}) {
      int count = 256 * blocks;
      float[] values = awkward(random, count + 5);
      var importance = new float[count];
      for (int i = 0; i < count; i++) {
        importance[i] = random.nextInt(50) == 0 ? 0 : (float) Math.exp(2 * random.nextGaussian());
      }
      for (float[] given : new float[][] {null, importance}) {
        byte[] expected =
            BlockEncoder.of(type, new SmallBlockScalarKernel(), new GroupScalarKernel())
                .encode(values, 5, count, given);
        byte[] found =
            BlockEncoder.of(type, new SmallBlockSimdKernel(), new GroupSimdKernel())
                .encode(values, 5, count, given);
        assertThat(found).as("%d blocks", blocks).isEqualTo(expected);
      }
    }
  }
}
