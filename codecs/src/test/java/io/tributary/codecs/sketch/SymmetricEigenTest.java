package io.tributary.codecs.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymmetricEigenTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "5, 1e70", "32, 1e-70", "60, 1"})
  void vectorsAreOrthonormalAndMakeTheMatrix(int n, double scale) {
    var random = new Random(n);
    var matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i * n + j] = matrix[j * n + i] = scale * random.nextGaussian();
      }
    }
    var values = new double[n];
    var vectors = new double[n * n];
    SymmetricEigen.decompose(matrix.clone(), n, values, vectors);
    for (int i = 0; i < n; i++) {
      assertThat(i == 0 || values[i] <= values[i - 1]).isTrue();
      for (int j = 0; j < n; j++) {
        double product = Basis.dot(vectors, i * n, vectors, j * n, n);
        assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-12));
        double rebuilt = 0;
        for (int k = 0; k < n; k++) {
          rebuilt += values[k] * vectors[k * n + i] * vectors[k * n + j];
        }
        assertThat(rebuilt).isCloseTo(matrix[i * n + j], within(1e-12 * scale * n));
      }
    }
  }

  @Test
  void zeroAndDiagonalMatricesNeedNoRotation() {
    var values = new double[3];
    var vectors = new double[9];
    SymmetricEigen.decompose(new double[9], 3, values, vectors);
    assertThat(values).containsExactly(0, 0, 0);
    SymmetricEigen.decompose(new double[] {1, 0, 0, 0, 3, 0, 0, 0, 2}, 3, values, vectors);
    assertThat(values).containsExactly(3, 2, 1);
    assertThat(vectors).containsExactly(0, 1, 0, 0, 0, 1, 1, 0, 0);
    SymmetricEigen.decompose(new double[0], 0, values, vectors);
  }
}
