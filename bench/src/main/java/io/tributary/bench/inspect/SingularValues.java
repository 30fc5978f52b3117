package io.tributary.bench.inspect;

import io.tributary.tensor.RowMatrix;
import org.jspecify.annotations.Nullable;

/**
 * All singular values of a matrix: the square roots of the eigenvalues of its smaller Gram matrix,
 * which reflections make tridiagonal; each eigenvalue is then found by bisection with Sturm's count
 * (Golub and Van Loan, Matrix Computations, sections 8.3 and 8.4). Everything is float64. Values
 * below about 1e-8 of the largest are lost in it.
 */
final class SingularValues {
  /** The longest smaller side; time grows with its cube, memory with its square. */
  static final int MOST = 4096;

  private static final int CHUNK_VALUES = 1 << 18;
  private static final int HALVINGS = 60;

  private SingularValues() {}

  /** A matrix's values, the largest first; null if it is too large or holds NaN or infinity. */
  static double @Nullable [] of(RowMatrix matrix) {
    if (Math.min(matrix.rows(), matrix.width()) > MOST) {
      return null;
    }
    double[][] gram = matrix.width() <= matrix.rows() ? ofColumns(matrix) : ofRows(matrix);
    double trace = 0;
    for (int i = 0; i < gram.length; i++) {
      trace += gram[i][i];
    }
    return Double.isFinite(trace) ? roots(gram, trace) : null;
  }

  private static double[][] ofColumns(RowMatrix matrix) {
    int width = matrix.width();
    var gram = new double[width][width];
    int most = Math.max(1, CHUNK_VALUES / width);
    var values = new float[most * width];
    for (long first = 0; first < matrix.rows(); first += most) {
      int count = (int) Math.min(most, matrix.rows() - first);
      matrix.read(first, count, values, 0);
      for (int at = 0; at < count * width; at += width) {
        for (int i = 0; i < width; i++) {
          double factor = values[at + i];
          for (int j = 0; j <= i; j++) {
            gram[i][j] += factor * values[at + j];
          }
        }
      }
    }
    return mirrored(gram);
  }

  private static double[][] ofRows(RowMatrix matrix) {
    int width = matrix.width();
    var values = new float[(int) matrix.rows()][width];
    for (int row = 0; row < values.length; row++) {
      matrix.read(row, 1, values[row], 0);
    }
    var gram = new double[values.length][values.length];
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = 0; k < width; k++) {
          sum += (double) values[i][k] * values[j][k];
        }
        gram[i][j] = sum;
      }
    }
    return mirrored(gram);
  }

  private static double[][] mirrored(double[][] lower) {
    for (int i = 0; i < lower.length; i++) {
      for (int j = 0; j < i; j++) {
        lower[j][i] = lower[i][j];
      }
    }
    return lower;
  }

  private static double[] roots(double[][] gram, double trace) {
    int n = gram.length;
    double[] beside = tridiagonal(gram);
    var values = new double[n];
    for (int k = 0; k < n; k++) {
      double low = 0;
      double high = Math.nextUp(trace);
      for (int step = 0; step < HALVINGS; step++) {
        double middle = (low + high) / 2;
        if (below(gram, beside, middle) >= n - k) {
          high = middle;
        } else {
          low = middle;
        }
      }
      values[k] = Math.sqrt(low);
    }
    return values;
  }

  /** Reflects a symmetric matrix, whose diagonal is left; returns what stands beside it. */
  private static double[] tridiagonal(double[][] a) {
    int n = a.length;
    var beside = new double[n];
    var v = new double[n];
    var w = new double[n];
    for (int k = 0; k + 1 < n; k++) {
      double square = 0;
      for (int i = k + 1; i < n; i++) {
        v[i] = a[i][k];
        square += v[i] * v[i];
      }
      double length = Math.sqrt(square);
      beside[k] = v[k + 1] > 0 ? -length : length;
      double factor = square - v[k + 1] * beside[k];
      v[k + 1] -= beside[k];
      if (factor != 0) {
        reflect(a, k + 1, v, w, 1 / factor);
      }
    }
    return beside;
  }

  /** {@code H A H} with {@code H = 1 - factor v vᵀ}, in the part from {@code from} on. */
  private static void reflect(double[][] a, int from, double[] v, double[] w, double factor) {
    int n = a.length;
    double product = 0;
    for (int i = from; i < n; i++) {
      double sum = 0;
      for (int j = from; j < n; j++) {
        sum += a[i][j] * v[j];
      }
      w[i] = factor * sum;
      product += w[i] * v[i];
    }
    double half = factor * product / 2;
    for (int i = from; i < n; i++) {
      w[i] -= half * v[i];
    }
    for (int i = from; i < n; i++) {
      for (int j = from; j < n; j++) {
        a[i][j] -= v[i] * w[j] + w[i] * v[j];
      }
    }
  }

  /** How many eigenvalues of a tridiagonal matrix are below a number: its negative pivots. */
  private static int below(double[][] diagonal, double[] beside, double x) {
    int count = 0;
    double pivot = 1;
    for (int i = 0; i < diagonal.length; i++) {
      double square = i == 0 ? 0 : beside[i - 1] * beside[i - 1];
      pivot = diagonal[i][i] - x - square / (pivot == 0 ? Double.MIN_NORMAL : pivot);
      count += pivot < 0 ? 1 : 0;
    }
    return count;
  }
}
