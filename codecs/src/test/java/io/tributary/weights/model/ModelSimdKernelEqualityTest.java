package io.tributary.weights.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.codecs.internal.SimdSupport;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelSimdKernelEqualityTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  private final ModelKernel definition = new ModelScalarKernel();
  private final Random random = new Random(SEED);

  @BeforeEach
  void needsVectors() {
    System.out.println("seed " + SEED);
    String reason = SimdSupport.unusableBecause();
    assumeTrue(reason.isEmpty(), reason);
  }

  private float[] values(int count, double scale) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }

  @Test
  void everyProductIsTheDefinitions() {
    for (int count : new int[] {1, 3, 4, 9}) {
      for (int rows : new int[] {1, 31, 32, 33, 70}) {
        for (int width : new int[] {1, 8, 17}) {
          PanelMatrix matrix = PanelMatrix.ofZeros(rows, width);
          for (int r = 0; r < rows; r++) {
            matrix.setRow(r, values(width, 1), 0);
          }
          float[] inputs = values(count * width, 1);
          int stride = rows + 3;
          float[] expected = values(5 + count * stride, 1);
          float[] found = expected.clone();
          definition.multiply(inputs, count, matrix, expected, 5, stride);
          new ModelSimdKernel().multiply(inputs, count, matrix, found, 5, stride);
          assertThat(found).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void everyExponentialIsTheDefinitions() {
    for (int count : new int[] {1, 15, 16, 1001}) {
      float[] expected = values(count + 2, 40);
      for (int i = 0; i < expected.length; i++) {
        expected[i] = -Math.abs(expected[i]);
      }
      float[] arguments = expected.clone();
      float[] found = expected.clone();
      definition.exponential(expected, 1, count, 0.5f);
      new ModelSimdKernel().exponential(found, 1, count, 0.5f);
      assertThat(found).isEqualTo(expected);
      for (int i = 1; i <= count; i++) {
        double exact = StrictMath.exp(Math.max(arguments[i] - 0.5f, ModelKernel.LEAST_EXPONENT));
        assertThat((double) found[i]).isCloseTo(exact, within(3e-7 * exact));
      }
    }
  }

  @Test
  void everyGateIsTheDefinitions() {
    for (int count : new int[] {1, 15, 16, 1001}) {
      float[] expected = values(count, 30);
      float[] found = expected.clone();
      float[] ups = values(count, 1);
      definition.gate(expected, ups, count);
      new ModelSimdKernel().gate(found, ups, count);
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void everyGeluIsTheDefinitions() {
    for (int count : new int[] {1, 15, 16, 1001}) {
      float[] expected = values(count, 3);
      expected[0] = count == 1 ? 0 : count == 15 ? Float.NaN : -1e30f;
      float[] found = expected.clone();
      definition.gelu(expected, count);
      new ModelSimdKernel().gelu(found, count);
      assertThat(found).isEqualTo(expected);
    }
  }
}
