package io.tributary.codecs.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.SeededRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A kernel against the scalar definition, bit for bit; one subclass for each kernel. */
abstract class SketchKernelEqualityCheck {
  private static final List<Integer> WIDTHS =
      List.of(1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 64, 100, 255, 1021);
  private static final int MARGIN = 3;

  @RegisterExtension final SeededRandom random = new SeededRandom();

  abstract SketchKernel kernel();

  @Test
  void everyShapeGivesTheSameBits() {
    SketchKernel kernel = kernel();
    for (int width : WIDTHS) {
      for (int count : new int[] {0, 1, 3, 4, 5, 8, 13, 16}) {
        for (int columns : new int[] {1, 2, 4, 5, 12}) {
          compare(kernel, width, count, columns, 4);
        }
      }
    }
  }

  @Test
  void everyExponentGivesTheSameBits() {
    SketchKernel kernel = kernel();
    for (int i = 0; i < 20; i++) {
      compare(kernel, 100, 16, 4, 255);
    }
  }

  private void compare(SketchKernel kernel, int width, int count, int columns, int exponents) {
    var scalar = new SketchScalarKernel();
    var rows = new float[MARGIN + count * width];
    for (int i = 0; i < rows.length; i++) {
      int exponent = 127 - exponents / 2 + random.nextInt(exponents);
      rows[i] = Float.intBitsToFloat((random.nextBits() & 0x807F_FFFF) | exponent << 23);
    }
    double[] vectors = doubles(columns * width);
    var expected = new double[count * columns];
    var actual = new double[count * columns];
    scalar.products(rows, MARGIN, count, width, vectors, columns, expected);
    kernel.products(rows, MARGIN, count, width, vectors, columns, actual);
    assertThat(actual)
        .as("products, width %d, %d rows, %d", width, count, columns)
        .containsExactly(expected);
    var expectedGram = new double[count * count];
    var gram = new double[count * count];
    scalar.gram(rows, MARGIN, count, width, expectedGram);
    kernel.gram(rows, MARGIN, count, width, gram);
    assertThat(gram).as("Gram, width %d, %d rows", width, count).containsExactly(expectedGram);
    double[] factors = doubles(count * columns);
    double[] sums = vectors.clone();
    scalar.accumulate(rows, MARGIN, count, width, factors, columns, vectors);
    kernel.accumulate(rows, MARGIN, count, width, factors, columns, sums);
    assertThat(sums)
        .as("sums, width %d, %d rows, %d", width, count, columns)
        .containsExactly(vectors);
    double[] projected = vectors.clone();
    double[] updated = vectors.clone();
    scalar.project(rows, MARGIN, count, width, sums, columns, expected, projected);
    kernel.project(rows, MARGIN, count, width, sums, columns, actual, updated);
    assertThat(actual).containsExactly(expected);
    assertThat(updated)
        .as("update, width %d, %d rows, %d", width, count, columns)
        .containsExactly(projected);
    var energies = new double[count];
    var others = new double[count];
    scalar.energies(rows, MARGIN, count, width, energies);
    kernel.energies(rows, MARGIN, count, width, others);
    assertThat(others).containsExactly(energies);
  }

  private double[] doubles(int length) {
    var values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextBits() * 0x1p-31;
    }
    return values;
  }
}
