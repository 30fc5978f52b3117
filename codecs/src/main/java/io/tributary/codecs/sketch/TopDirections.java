package io.tributary.codecs.sketch;

import io.tributary.sketch.SketchResult.Direction;
import java.util.ArrayList;
import java.util.List;

/** Rows that a sketch holds, their Gram matrix, and the right singular vectors that follow. */
final class TopDirections {
  private final SketchKernel kernel;
  private final int width;
  private final double[] gram;
  private final double[] values;
  private final double[] vectors;
  private final double[] line;

  TopDirections(SketchKernel kernel, int width, int mostRows, SpaceMeter space) {
    this.kernel = kernel;
    this.width = width;
    gram = space.doubles(mostRows * mostRows);
    values = space.doubles(mostRows);
    vectors = space.doubles(mostRows * mostRows);
    line = space.doubles(mostRows);
  }

  /** The bytes of the arrays. */
  static long bytes(long mostRows) {
    return Double.BYTES * (2 * mostRows * mostRows + 2 * mostRows);
  }

  /**
   * Finds singular values and left singular vectors of rows, each multiplied with a factor.
   *
   * @param factors one for each row
   */
  void solve(float[] rows, int count, double[] factors) {
    kernel.gram(rows, 0, count, width, gram);
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < count; k++) {
        gram[i * count + k] *= factors[i] * factors[k];
      }
    }
    SymmetricEigen.decompose(gram, count, values, vectors);
  }

  /** The squared singular value {@code i}. */
  double value(int i) {
    return values[i];
  }

  /**
   * Writes how often each row goes into each of the first right singular vectors, times a factor of
   * the vector: row {@code r} into vector {@code i} at {@code r * vectors + i}.
   *
   * @return the weights, until the next call of {@link #solve}
   */
  double[] weights(int count, int vectorCount, double[] factors) {
    for (int r = 0; r < count; r++) {
      for (int i = 0; i < vectorCount; i++) {
        gram[r * vectorCount + i] = factors[i] * vectors[i * count + r];
      }
    }
    return gram;
  }

  /**
   * The right singular vectors of what was solved.
   *
   * @param more is added to each eigenvalue
   */
  List<Direction> directions(float[] rows, int count, double[] factors, int most, double more) {
    var directions = new ArrayList<Direction>();
    for (int i = 0; i < Math.min(most, count) && values[i] > 1e-12 * values[0]; i++) {
      for (int r = 0; r < count; r++) {
        line[r] = vectors[i * count + r] * factors[r];
      }
      var vector = new double[width];
      kernel.accumulate(rows, 0, count, width, line, 1, vector);
      Basis.normalize(vector, 0, width);
      directions.add(new Direction(values[i] + more, vector));
    }
    return directions;
  }
}
