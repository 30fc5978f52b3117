package io.tributary.codecs.sketch;

import java.util.Arrays;

/**
 * Eigenvalues and eigenvectors of small symmetric matrices by Jacobi's rotations in cyclic order
 * (Golub and Van Loan, Matrix Computations, section 8.5): a few dozen lines, as accurate as any,
 * and the same bits everywhere. Its time grows with the cube of the order, so it is for the dozens
 * of rows and directions of a sketch.
 */
final class SymmetricEigen {
  private static final int MOST_SWEEPS = 40;

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
    for (int sweep = 0; sweep < MOST_SWEEPS && !isDiagonal(matrix, n); sweep++) {
      for (int p = 0; p < n - 1; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(matrix, n, p, q, vectors);
        }
      }
    }
    for (int i = 0; i < n; i++) {
      values[i] = matrix[i * n + i];
    }
    sort(n, values, vectors);
  }

  private static boolean isDiagonal(double[] matrix, int n) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double scale =
            Math.sqrt(Math.abs(matrix[i * n + i])) * Math.sqrt(Math.abs(matrix[j * n + j]));
        if (Math.abs(matrix[i * n + j]) > 0x1p-54 * scale && matrix[i * n + j] != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Makes the elements of row p, column q, and of row q, column p, zero. */
  private static void rotate(double[] a, int n, int p, int q, double[] vectors) {
    double off = a[p * n + q];
    if (off == 0) {
      return;
    }
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
    double t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double c = 1 / Math.sqrt(t * t + 1);
    double s = t * c;
    a[p * n + p] -= t * off;
    a[q * n + q] += t * off;
    a[p * n + q] = 0;
    a[q * n + p] = 0;
    for (int i = 0; i < n; i++) {
      if (i != p && i != q) {
        double x = a[p * n + i];
        double y = a[q * n + i];
        a[p * n + i] = c * x - s * y;
        a[q * n + i] = s * x + c * y;
        a[i * n + p] = a[p * n + i];
        a[i * n + q] = a[q * n + i];
      }
      double x = vectors[p * n + i];
      double y = vectors[q * n + i];
      vectors[p * n + i] = c * x - s * y;
      vectors[q * n + i] = s * x + c * y;
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
