package io.tributary.codecs.sketch;

import java.util.Arrays;

/**
 * Eigenvalues and eigenvectors of small symmetric matrices: Householder's reflections make the
 * matrix tridiagonal, implicit QR steps with Wilkinson's shift make that diagonal (Golub and Van
 * Loan, Matrix Computations, section 8.3). The same bits everywhere, which no linear algebra
 * library promises. Its time grows with the cube of the order, so it is for the dozens of rows and
 * directions of a sketch.
 */
final class SymmetricEigen {
  /** An element beside the diagonal that is this small beside its neighbours on it is zero. */
  private static final double NEGLIGIBLE = 0x1p-53;

  /** Steps for each eigenvalue; two or three are usual. */
  private static final int MOST_STEPS = 60;

  private SymmetricEigen() {}

  /**
   * Decomposes a matrix.
   *
   * @param matrix of {@code n} rows; destroyed
   * @param values the eigenvalues, the largest first
   * @param vectors the eigenvector of value {@code i} from {@code i * n}
   */
  static void decompose(double[] matrix, int n, double[] values, double[] vectors) {
    Arrays.fill(vectors, 0, n * n, 0);
    for (int i = 0; i < n; i++) {
      vectors[i * n + i] = 1;
    }
    int exponent = makeOrdinary(matrix, n);
    var beside = new double[n];
    makeTridiagonal(matrix, n, vectors, beside);
    for (int i = 0; i < n; i++) {
      values[i] = matrix[i * n + i];
    }
    makeDiagonal(n, values, beside, vectors);
    for (int i = 0; i < n; i++) {
      values[i] = Math.scalb(values[i], exponent);
    }
    sort(n, values, vectors);
  }

  /** Scales by a power of two, so that squares of elements are numbers that a double can hold. */
  private static int makeOrdinary(double[] matrix, int n) {
    double largest = 0;
    for (int i = 0; i < n * n; i++) {
      largest = Math.max(largest, Math.abs(matrix[i]));
    }
    if (!(largest > 0 && largest < Double.POSITIVE_INFINITY)) {
      return 0;
    }
    int exponent = Math.getExponent(largest);
    for (int i = 0; i < n * n; i++) {
      matrix[i] = Math.scalb(matrix[i], -exponent);
    }
    return exponent;
  }

  /** Reflects each column's part below the diagonal onto its first element. */
  private static void makeTridiagonal(double[] a, int n, double[] vectors, double[] beside) {
    var v = new double[n];
    var w = new double[n];
    for (int k = 0; k + 1 < n; k++) {
      double square = 0;
      for (int i = k + 2; i < n; i++) {
        v[i] = a[i * n + k];
        square = Math.fma(v[i], v[i], square);
      }
      double first = a[(k + 1) * n + k];
      beside[k] = first;
      if (square == 0) {
        continue;
      }
      double length = Math.sqrt(Math.fma(first, first, square));
      beside[k] = first > 0 ? -length : length;
      v[k + 1] = first - beside[k];
      double factor = 2 / Math.fma(v[k + 1], v[k + 1], square);
      reflectBoth(a, n, k + 1, v, w, factor);
      reflectRows(vectors, n, k + 1, v, w, factor);
    }
  }

  /** {@code A - v wᵀ - w vᵀ} with {@code w = p - (factor/2)(pᵀv) v} and {@code p = factor A v}. */
  private static void reflectBoth(
      double[] a, int n, int from, double[] v, double[] w, double factor) {
    double product = 0;
    for (int i = from; i < n; i++) {
      double sum = 0;
      for (int j = from; j < n; j++) {
        sum = Math.fma(a[i * n + j], v[j], sum);
      }
      w[i] = factor * sum;
      product = Math.fma(w[i], v[i], product);
    }
    double half = -0.5 * factor * product;
    for (int i = from; i < n; i++) {
      w[i] = Math.fma(half, v[i], w[i]);
    }
    for (int i = from; i < n; i++) {
      double ofV = v[i];
      double ofW = w[i];
      for (int j = from; j < n; j++) {
        a[i * n + j] -= ofV * w[j] + ofW * v[j];
      }
    }
  }

  /** {@code V - factor v (vᵀV)}. */
  private static void reflectRows(
      double[] vectors, int n, int from, double[] v, double[] w, double factor) {
    Arrays.fill(w, 0);
    for (int i = from; i < n; i++) {
      double of = v[i];
      for (int j = 0; j < n; j++) {
        w[j] += of * vectors[i * n + j];
      }
    }
    for (int i = from; i < n; i++) {
      double of = factor * v[i];
      for (int j = 0; j < n; j++) {
        vectors[i * n + j] -= of * w[j];
      }
    }
  }

  private static void makeDiagonal(int n, double[] diagonal, double[] beside, double[] vectors) {
    int steps = MOST_STEPS * n;
    for (int end = n - 1; end > 0 && steps > 0; ) {
      if (isNegligible(diagonal, beside, end - 1)) {
        beside[end - 1] = 0;
        end--;
        continue;
      }
      int begin = end - 1;
      while (begin > 0 && !isNegligible(diagonal, beside, begin - 1)) {
        begin--;
      }
      step(n, diagonal, beside, begin, end, vectors);
      steps--;
    }
  }

  private static boolean isNegligible(double[] diagonal, double[] beside, int i) {
    double scale = Math.abs(diagonal[i]) + Math.abs(diagonal[i + 1]);
    return Math.abs(beside[i]) <= NEGLIGIBLE * scale || beside[i] == 0;
  }

  /** One implicit QR step on the rows {@code begin} to {@code end}. */
  private static void step(
      int n, double[] diagonal, double[] beside, int begin, int end, double[] vectors) {
    double half = (diagonal[end - 1] - diagonal[end]) / 2;
    double last = beside[end - 1];
    double root = Math.sqrt(Math.fma(half, half, last * last));
    double x = diagonal[begin] - diagonal[end] + last * (last / (half + (half < 0 ? -root : root)));
    double z = beside[begin];
    for (int k = begin; k < end; k++) {
      double length = Math.sqrt(Math.fma(x, x, z * z));
      double c = length > 0 ? x / length : 1;
      double s = length > 0 ? z / length : 0;
      if (k > begin) {
        beside[k - 1] = length;
      }
      double above = diagonal[k];
      double below = diagonal[k + 1];
      double twice = 2 * c * s * beside[k];
      diagonal[k] = c * c * above + twice + s * s * below;
      diagonal[k + 1] = s * s * above - twice + c * c * below;
      beside[k] = c * s * (below - above) + (c * c - s * s) * beside[k];
      if (k + 1 < end) {
        x = beside[k];
        z = s * beside[k + 1];
        beside[k + 1] *= c;
      }
      rotate(vectors, k * n, (k + 1) * n, n, c, s);
    }
  }

  private static void rotate(double[] vectors, int at, int next, int n, double c, double s) {
    for (int j = 0; j < n; j++) {
      double upper = vectors[at + j];
      double lower = vectors[next + j];
      vectors[at + j] = c * upper + s * lower;
      vectors[next + j] = c * lower - s * upper;
    }
  }

  private static void sort(int n, double[] values, double[] vectors) {
    for (int i = 0; i < n; i++) {
      int largest = i;
      for (int j = i + 1; j < n; j++) {
        if (values[j] > values[largest]) {
          largest = j;
        }
      }
      swap(values, i, largest);
      for (int j = 0; j < n && largest != i; j++) {
        swap(vectors, i * n + j, largest * n + j);
      }
    }
  }

  private static void swap(double[] array, int i, int j) {
    double kept = array[i];
    array[i] = array[j];
    array[j] = kept;
  }
}
