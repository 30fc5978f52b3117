package io.tributary.weights.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.weights.RowWorkers;
import io.tributary.weights.SyntheticLayer;
import io.tributary.weights.SyntheticLayer.Outcome;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.allocate.ColumnLevels;
import io.tributary.weights.pack.LevelsLayout;
import io.tributary.weights.round.HessianFactor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaqRecipeTest {
  private static final int N = SyntheticLayer.WIDTH;
  private static final SyntheticLayer LAYER = SyntheticLayer.of(Long.getLong("test.seed", 9));

  /** The loss falls by about what geometric over arithmetic mean predicts, and columns even out. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void columnsThatCostMoreGetMoreLevels(int bits) {
    var matrix = new WeightMatrix(LAYER.weights, SyntheticLayer.ROWS, N);
    HessianFactor factor = HessianFactor.of("w", LAYER.hessian.clone(), N, 0.01, note -> {});
    float[] ends = BaqRecipe.ends(matrix);
    var equal = new int[N];
    Arrays.fill(equal, 1 << bits);
    try (var workers = new RowWorkers(2)) {
      var tools = new Recipe.Tools(LAYER.hessians(), workers, note -> {});
      double[] first =
          BaqRecipe.round(matrix, factor, ends, new LevelsLayout(equal), tools).losses();
      int[] levels = ColumnLevels.share(first, bits, 256);
      double[] second =
          BaqRecipe.round(matrix, factor, ends, new LevelsLayout(levels), tools).losses();
      double achieved = mean(second) / mean(first);
      double predicted = geometric(first) / mean(first);
      System.out.printf(
          "%d bits: mean %.3f, loss %.3f of %.3f predicted, variation %.2f to %.2f%n",
          bits,
          ColumnLevels.bits(levels),
          achieved,
          predicted,
          variation(first),
          variation(second));
      assertThat(ColumnLevels.bits(levels)).isCloseTo(bits, within(0.03));
      assertThat(achieved).isLessThan(1.2 * predicted);
      assertThat(variation(second)).isLessThan(variation(first) / 3);
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).reduce(0, Double::sum) / values.length;
  }

  private static double geometric(double[] values) {
    return Math.exp(Arrays.stream(values).map(Math::log).reduce(0, Double::sum) / values.length);
  }

  private static double variation(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).reduce(0, Double::sum);
    return Math.sqrt(squares / values.length) / mean;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void outputsLoseLessThanByGptq(int bits) {
    Outcome gptq = LAYER.apply("gptq:" + bits + ",g=0,asym");
    Outcome baq = LAYER.apply("baq:" + bits);
    System.out.printf(
        "%d bits: gptq %.4f baq %.4f, %.3f bits%n", bits, gptq.proxy(), baq.proxy(), baq.bits());
    assertThat(baq.proxy()).isLessThan(0.6 * gptq.proxy());
    double side = 8.0 / SyntheticLayer.ROWS + 32.0 / N;
    assertThat(baq.bits() - side).isBetween(bits - 0.05, bits + 0.15);
  }

  @Test
  void equalLossesGiveEqualLevels() {
    var equal = new double[40];
    Arrays.fill(equal, 0.3);
    assertThat(ColumnLevels.share(equal, 3, 256)).containsOnly(8);
    assertThat(ColumnLevels.share(new double[3], 2, 256)).containsOnly(4);
    assertThat(ColumnLevels.share(new double[] {1e-9, 1e-9, 1e9}, 3, 256))
        .containsExactly(1, 1, 256);
  }

  @Test
  void levelsOfAnyNumberArePacked() {
    var random = new java.util.Random(4);
    var levels = new int[77];
    for (int j = 0; j < 77; j++) {
      levels[j] = 1 + random.nextInt(j % 3 == 0 ? 3 : 256);
    }
    var layout = new LevelsLayout(levels);
    var codes = new byte[3 * 77];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) random.nextInt(levels[i % 77]);
    }
    float[] ends = {-1, 2, 0, 0, -3, 0.5f};
    byte[] block = layout.pack(codes, 77, ends, 1, 2);
    assertThat(block).hasSize((int) layout.blockBytes(2, 77));
    var decoded = new float[2 * 77];
    layout.unpack(block, 2, 77, decoded, 0);
    for (int i = 0; i < decoded.length; i++) {
      int row = 1 + i / 77;
      float expected = layout.value(codes[77 + i] & 0xFF, ends[2 * row], ends[2 * row + 1], i % 77);
      assertThat(decoded[i]).isEqualTo(expected);
    }
  }
}
