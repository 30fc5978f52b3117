package io.tributary.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitialValuesTest {
  private static final long SEED = 20_240_131;

  /** The platform's own SplitMix64, which shares no code with ours, under the same method. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 1021})
  void valuesAreThoseOfThePolarMethodOverSplitMix64(int count) {
    float[] values = fill(schema(count, Initializer.normal(0.5f)), 1, SEED);
    var random = new SplittableRandom(InitialValues.mix(SEED + 0x3C6EF372FE94F82AL));
    for (int i = 0; i < count; i += 2) {
      double u;
      double v;
      double square;
      do {
        u = 2 * ((random.nextLong() >> 11) * 0x1.0p-53);
        v = 2 * ((random.nextLong() >> 11) * 0x1.0p-53);
        square = u * u + v * v;
      } while (square >= 1 || square == 0);
      double factor = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
      assertThat(values[i]).isEqualTo((float) (u * factor) * 0.5f);
      if (i + 1 < count) {
        assertThat(values[i + 1]).isEqualTo((float) (v * factor) * 0.5f);
      }
    }
  }

  @Test
  void theyAreGaussian() {
    int count = 1 << 18;
    float[] values = fill(schema(count, Initializer.normal(2)), 1, SEED);
    double sum = 0;
    double squares = 0;
    int beyondOne = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
      beyondOne += Math.abs(value) > 2 ? 1 : 0;
    }
    // Five standard errors of each estimate.
    assertThat(sum / count).isCloseTo(0, within(5 * 2 / 512.0));
    assertThat(squares / count).isCloseTo(4, within(5 * 4 * Math.sqrt(2) / 512));
    assertThat(beyondOne / (double) count).isCloseTo(0.3173, within(5 * 0.4655 / 512));
  }

  @Test
  void tensorsAndSeedsDiffer() {
    ModelSchema schema = schema(100, Initializer.normal(1));
    assertThat(fill(schema, 0, SEED)).isNotEqualTo(fill(schema, 1, SEED));
    assertThat(fill(schema, 0, SEED)).isNotEqualTo(fill(schema, 0, SEED + 1));
    assertThat(fill(schema, 0, SEED)).isEqualTo(fill(schema, 0, SEED));
  }

  @Test
  void aConstantFillsItsOwnRangeOnly() {
    float[] into = new float[5];
    InitialValues.fill(schema(3, Initializer.constant(7)), 0, SEED, into, 1);
    assertThat(into).containsExactly(0, 7, 7, 7, 0);
    InitialValues.fill(schema(3, Initializer.normal(1)), 0, SEED, into, 1);
    assertThat(into[0]).isZero();
    assertThat(into[4]).isZero();
    assertThatThrownBy(
            () -> InitialValues.fill(schema(3, Initializer.constant(7)), 0, SEED, into, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static float[] fill(ModelSchema schema, int tensor, long seed) {
    float[] into = new float[schema.tensors().get(tensor).elements()];
    InitialValues.fill(schema, tensor, seed, into, 0);
    return into;
  }

  private static ModelSchema schema(int count, Initializer initializer) {
    return new ModelSchema(
        List.of(
            new TensorSpec("a", List.of(count), TensorRole.MATRIX, 0, initializer),
            new TensorSpec("b", List.of(count), TensorRole.MATRIX, 0, initializer)));
  }
}
