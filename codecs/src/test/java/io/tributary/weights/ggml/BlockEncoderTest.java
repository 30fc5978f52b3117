package io.tributary.weights.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.file.gguf.GgmlType;
import io.tributary.weights.Hessians;
import io.tributary.weights.SyntheticLayer;
import io.tributary.weights.pack.GgmlLayout;
import io.tributary.weights.recipe.Recipes;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BlockEncoderTest {
  private static final long SEED = Long.getLong("test.seed", 51);
  private static final int VALUES = 200 * 256;

  private static float[] normal() {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    var values = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] decode(GgmlType type, byte[] bytes, int count) {
    var decoded = new float[count];
    new GgmlLayout(type).unpack(bytes, 1, count, decoded, 0);
    return decoded;
  }

  private static double error(float[] values, float[] decoded) {
    double error = 0;
    double energy = 0;
    for (int i = 0; i < values.length; i++) {
      error += Math.pow((double) values[i] - decoded[i], 2);
      energy += Math.pow(values[i], 2);
    }
    return error / energy;
  }

  private static double errorOf(GgmlType type, float[] values) {
    byte[] bytes = BlockEncoder.of(type).encode(values, 0, values.length, null);
    return error(values, decode(type, bytes, values.length));
  }

  /** The errors of an independent program with ggml's searches, or up to a fifth less. */
  @ParameterizedTest
  @CsvSource({
    "Q8_0,2.9e-5",
    "Q6_K,3.1e-4",
    "Q5_K,1.3e-3",
    "Q4_K,5.2e-3",
    "Q4_0,7.4e-3",
    "Q3_K,2.3e-2",
    "Q2_K,8.9e-2"
  })
  void errorsAreNearThoseOfGgmlsSearches(GgmlType type, double expected) {
    double found = errorOf(type, normal());
    System.out.printf("%s %.3e%n", type, found);
    assertThat(found).isBetween(0.8 * expected, 1.06 * expected);
  }

  @Test
  void sizesAreThoseOfTheLayouts() {
    for (GgmlType type : BlockEncoder.types()) {
      assertThat(BlockEncoder.of(type).encode(new float[512], 0, 512, null))
          .hasSize(512 / type.blockValues() * type.blockBytes());
    }
    assertThatThrownBy(() -> BlockEncoder.of(GgmlType.IQ1_M)).hasMessage("IQ1_M has no encoder");
  }

  /** Values that need no search, and their bytes as ggml's layout has them. */
  @Test
  void smallBlocksAreAsDrawn() {
    var values = new float[32];
    values[0] = -8;
    values[1] = 7;
    values[16] = 3;
    assertThat(HexFormat.of().formatHex(BlockEncoder.of(GgmlType.Q4_0).encode(values, 0, 32, null)))
        .isEqualTo("003c" + "b08f" + "88".repeat(14));
    values[0] = -127;
    values[2] = 0.5f;
    values[3] = -0.5f;
    assertThat(HexFormat.of().formatHex(BlockEncoder.of(GgmlType.Q8_0).encode(values, 0, 32, null)))
        .isEqualTo("003c" + "81" + "07" + "01" + "ff" + "00".repeat(12) + "03" + "00".repeat(15));
  }

  @ParameterizedTest
  @EnumSource(names = {"Q2_K", "Q3_K", "Q4_0", "Q4_K", "Q5_K", "Q6_K", "Q8_0"})
  void whatWasEncodedLosesLittleMore(GgmlType type) {
    float[] values = normal();
    byte[] bytes = BlockEncoder.of(type).encode(values, 0, VALUES, null);
    float[] once = decode(type, bytes, VALUES);
    byte[] again = BlockEncoder.of(type).encode(once, 0, VALUES, null);
    assertThat(error(values, decode(type, again, VALUES))).isLessThan(1.12 * error(values, once));
  }

  @ParameterizedTest
  @EnumSource(names = {"Q2_K", "Q3_K", "Q4_0", "Q4_K", "Q5_K", "Q6_K"})
  void weighedErrorsAreSmallerThanUnweighedOnes(GgmlType type) {
    float[] values = normal();
    var random = new Random(SEED + 1);
    var importance = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      importance[i] = (float) Math.exp(2 * random.nextGaussian());
    }
    BlockEncoder encoder = BlockEncoder.of(type);
    float[] plain = decode(type, encoder.encode(values, 0, VALUES, null), VALUES);
    float[] weighed = decode(type, encoder.encode(values, 0, VALUES, importance), VALUES);
    double before = 0;
    double after = 0;
    for (int i = 0; i < VALUES; i++) {
      before += importance[i] * Math.pow((double) values[i] - plain[i], 2);
      after += importance[i] * Math.pow((double) values[i] - weighed[i], 2);
    }
    System.out.printf("%s weighed %.3f of unweighed%n", type, after / before);
    assertThat(after).isLessThan(before);
  }

  @ParameterizedTest
  @EnumSource(names = {"Q2_K", "Q3_K", "Q4_0", "Q4_K", "Q5_K", "Q6_K", "Q8_0"})
  void zerosStayZeros(GgmlType type) {
    byte[] bytes = BlockEncoder.of(type).encode(new float[256], 0, 256, null);
    for (float value : decode(type, bytes, 256)) {
      assertThat(value == 0).isTrue();
    }
  }

  @Test
  void recipesCountTheirBitsAndFallBackToSmallBlocks() {
    SyntheticLayer layer = SyntheticLayer.of(SEED);
    assertThat(layer.apply("q4_k").bits()).isEqualTo(4.5);
    assertThat(layer.apply("q6_k").bits()).isEqualTo(6.5625);
    assertThat(layer.apply("q2_k,inputs").proxy()).isLessThan(layer.apply("q2_k").proxy());
    assertThat(layer.apply("q4_k", layer.weights, Hessians.none()).notes()).isEmpty();
    assertThatThrownBy(() -> Recipes.parse("q4_k:3")).hasMessageContaining("without a number");
    assertThatThrownBy(() -> Recipes.parse("q9_k")).hasMessageContaining("q2_k, q3_k, q4_0, q4_k");
  }
}
