package io.tributary.weights.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridLayoutTest {
  private static final long SEED = Long.getLong("test.seed", 11);

  /** Two rows of three weights, three bits: codes 0..7, zero at 4. */
  @Test
  void bytesAreAsDrawn() {
    var layout = new GridLayout(3, 0, ScaleType.F16, ZeroForm.NONE);
    var matrix = GridMatrix.empty(layout, 2, 3);
    System.arraycopy(new byte[] {0, 5, 7, 4, 3, 1}, 0, matrix.codes(), 0, 6);
    matrix.scales()[0] = 1;
    matrix.scales()[1] = -0.5f;
    byte[] block = layout.pack(matrix, 0, 2);
    // Scales 3c00 and b800; then bit 2 of 0,5,7 = 0,1,1 and of 4,3,1 = 1,0,0; bit 1; bit 0.
    assertThat(HexFormat.of().formatHex(block)).isEqualTo("003c00b8" + "0601" + "0402" + "0606");
    var decoded = new float[6];
    layout.unpack(block, 2, 3, decoded, 0);
    assertThat(decoded).containsExactly(-4, 1, 3, -0f, 0.5f, 1.5f);
  }

  @Test
  void zerosOfEachFormAreAsDrawn() {
    var codes = new GridLayout(2, 2, ScaleType.BF16, ZeroForm.CODE);
    var matrix = GridMatrix.empty(codes, 1, 3);
    System.arraycopy(new byte[] {0, 3, 2}, 0, matrix.codes(), 0, 3);
    matrix.scales()[0] = 1;
    matrix.scales()[1] = 2;
    matrix.zeros()[0] = 3;
    matrix.zeros()[1] = 0;
    // Two bf16 scales; zeros 3, 0: planes 01, 01; codes 0, 3, 2: planes 06, 02.
    assertThat(HexFormat.of().formatHex(codes.pack(matrix, 0, 1)))
        .isEqualTo("803f0040" + "0101" + "0602");
    var halves = new GridLayout(2, 2, ScaleType.F32, ZeroForm.F16);
    var other = new GridMatrix(halves, 1, 3, matrix.codes(), matrix.scales(), matrix.zeros());
    other.zeros()[0] = -1.5f;
    byte[] block = halves.pack(other, 0, 1);
    assertThat(HexFormat.of().formatHex(block)).isEqualTo("0000803f00000040" + "00be0000" + "0602");
    var decoded = new float[3];
    halves.unpack(block, 1, 3, decoded, 0);
    assertThat(decoded).containsExactly(1.5f, 4.5f, 4);
  }

  @ParameterizedTest
  @CsvSource({
    "1,0,NONE,5,64",
    "2,16,CODE,3,40",
    "3,7,F16,4,33",
    "4,128,NONE,2,384",
    "5,5,CODE,7,1",
    "6,0,F16,1,9",
    "7,64,NONE,3,65",
    "8,32,CODE,2,100"
  })
  void whatIsPackedIsUnpacked(int bits, int group, ZeroForm zero, int rows, int width) {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    var layout = new GridLayout(bits, group, ScaleType.F16, zero);
    GridMatrix matrix = random(random, layout, rows, width);
    byte[] block = layout.pack(matrix, 0, rows);
    assertThat(block).hasSize((int) layout.blockBytes(rows, width));
    var decoded = new float[rows * width + 2];
    layout.unpack(block, rows, width, decoded, 1);
    for (int i = 0; i < rows * width; i++) {
      assertThat(decoded[1 + i]).isEqualTo(matrix.value(i / width, i % width));
    }
    // A part of the rows is the same rows.
    byte[] last = layout.pack(matrix, rows - 1, 1);
    var row = new float[width];
    layout.unpack(last, 1, width, row, 0);
    assertThat(row)
        .containsExactly(Arrays.copyOfRange(decoded, 1 + (rows - 1) * width, 1 + rows * width));
    assertThat(RowLayouts.parse(layout.toString(), new byte[0], width)).isEqualTo(layout);
  }

  private static GridMatrix random(Random random, GridLayout layout, int rows, int width) {
    GridMatrix matrix = GridMatrix.empty(layout, rows, width);
    for (int i = 0; i < matrix.codes().length; i++) {
      matrix.codes()[i] = (byte) random.nextInt(1 << layout.bits());
    }
    for (int i = 0; i < matrix.scales().length; i++) {
      matrix.scales()[i] = ScaleType.F16.round(random.nextFloat());
      if (layout.zero() == ZeroForm.CODE) {
        matrix.zeros()[i] = random.nextInt(1 << layout.bits());
      } else if (layout.zero() == ZeroForm.F16) {
        matrix.zeros()[i] = ScaleType.F16.round(random.nextFloat() * 20 - 10);
      }
    }
    return matrix;
  }

  /** Without its lowest planes a weight lies within half of what they could say. */
  @Test
  void fewerPlanesAreACoarserBlock() {
    System.out.println("seed " + SEED);
    var layout = new GridLayout(6, 8, ScaleType.F16, ZeroForm.F16);
    GridMatrix matrix = random(new Random(SEED), layout, 5, 21);
    byte[] block = layout.pack(matrix, 0, 5);
    int[] cuts = layout.cuts(5, 21);
    assertThat(cuts).hasSize(5);
    var decoded = new float[5 * 21];
    for (int planes = 1; planes < 6; planes++) {
      layout.unpack(Arrays.copyOf(block, cuts[planes - 1]), 5, 21, decoded, 0);
      double most = ((1 << (6 - planes)) - 1) / 2.0;
      for (int i = 0; i < decoded.length; i++) {
        double step = matrix.scales()[matrix.group(i / 21, i % 21)];
        assertThat(Math.abs(decoded[i] - matrix.value(i / 21, i % 21)))
            .isLessThanOrEqualTo((float) (most * step + 1e-4));
      }
    }
    int odd = cuts[2] + 1;
    assertThatThrownBy(() -> layout.unpack(Arrays.copyOf(block, odd), 5, 21, decoded, 0))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("expected " + block.length + " bytes, found " + odd);
  }

  @Test
  void halvesAndTheirLikeRoundToEven() {
    for (int bits = 0; bits < 0x7C00; bits++) {
      float value = ScaleType.F16.value(bits);
      assertThat(ScaleType.F16.bits(value)).isEqualTo(bits);
      assertThat(ScaleType.F16.bits(-value)).isEqualTo(bits | 0x8000);
      float next = ScaleType.F16.value(bits + 1);
      if (next < Float.POSITIVE_INFINITY) {
        assertThat(ScaleType.F16.bits((value + next) / 2)).isEqualTo(bits + (bits & 1));
      }
    }
    assertThat(ScaleType.F16.round(65519.99f)).isEqualTo(65504);
    assertThat(ScaleType.F16.round(65520)).isInfinite();
    assertThat(ScaleType.F16.round(Float.NaN)).isNaN();
    assertThat(ScaleType.BF16.round(1.00390625f)).isEqualTo(1);
    assertThat(ScaleType.BF16.round(1.01171875f)).isEqualTo(1.015625f);
    assertThat(ScaleType.BF16.round(Float.NaN)).isNaN();
    assertThat(ScaleType.F32.round(0.1f)).isEqualTo(0.1f);
  }
}
