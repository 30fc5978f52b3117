package io.tributary.weights.round;

import io.tributary.error.Errors;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What rounding column by column needs of a Hessian H: the upper triangular U with {@code H⁻¹ = Uᵀ
 * U}. Row j of U, from the diagonal on, says how the error of column j is best made up for by the
 * columns behind it.
 *
 * <p>With H = T<sup>T</sup> T and T lower triangular, which a Cholesky factorization from the last
 * column on gives, U is the transpose of T's inverse. All loops run along rows.
 */
public final class HessianFactor {
  private static final int MOST_TRIES = 8;

  private final int n;
  private final double[] upper;
  private final double[] damped;

  private HessianFactor(int n, double[] upper, double[] damped) {
    this.n = n;
    this.upper = upper;
    this.damped = damped;
  }

  /**
   * Factors a Hessian after it was damped: a share of the mean of its diagonal is added to the
   * diagonal, ten times as much again and again until the result is positive definite. A column
   * that was never seen gets its own little weight by that, and is rounded to nearest.
   *
   * @param what the tensor, for messages
   * @param hessian symmetric, n times n; is overwritten
   * @param damping the share, above 0
   * @param notes hears if more damping was needed
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the diagonal isn't
   *     positive and finite, or no damping helps
   */
  public static HessianFactor of(
      String what, double[] hessian, int n, double damping, Consumer<String> notes) {
    double mean = 0;
    for (int j = 0; j < n; j++) {
      mean += hessian[j * n + j] / n;
    }
    if (!(mean > 0 && mean < Double.POSITIVE_INFINITY)) {
      throw Errors.invalidSetting(
          "Hessian of " + what, "a mean diagonal of " + mean, "one above 0: were there inputs?");
    }
    double share = damping;
    for (int i = 0; i < MOST_TRIES; i++, share *= 10) {
      double[] damped = hessian.clone();
      for (int j = 0; j < n; j++) {
        damped[j * n + j] += share * mean;
      }
      double[] lower = damped.clone();
      if (factor(lower, n)) {
        if (i > 0) {
          notes.accept(
              String.format(
                  Locale.ROOT,
                  "%s: its Hessian isn't positive definite; damped by %.3g of its mean diagonal"
                      + " instead of %.3g",
                  what,
                  share,
                  damping));
        }
        return new HessianFactor(n, transposedInverse(lower, n), damped);
      }
    }
    throw Errors.invalidSetting(
        "Hessian of " + what, "none, damped by " + share / 10, "a positive definite matrix");
  }

  /** Replaces a matrix by the lower triangular T with {@code H = Tᵀ T}; false if there is none. */
  private static boolean factor(double[] matrix, int n) {
    for (int k = n - 1; k >= 0; k--) {
      int row = k * n;
      double pivot = matrix[row + k];
      if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
        return false;
      }
      double factor = 1 / Math.sqrt(pivot);
      for (int j = 0; j <= k; j++) {
        matrix[row + j] *= factor;
      }
      for (int i = 0; i < k; i++) {
        subtract(matrix[row + i], matrix, row, matrix, i * n, i + 1);
      }
      Arrays.fill(matrix, row + k + 1, row + n, 0);
    }
    return true;
  }

  private static double[] transposedInverse(double[] lower, int n) {
    var inverse = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        subtract(lower[i * n + k], inverse, k * n, inverse, i * n, k + 1);
      }
      double factor = 1 / lower[i * n + i];
      inverse[i * n + i] = 1;
      for (int j = 0; j <= i; j++) {
        inverse[i * n + j] *= factor;
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        inverse[j * n + i] = inverse[i * n + j];
        inverse[i * n + j] = 0;
      }
    }
    return inverse;
  }

  /** {@code target -= factor * source}. */
  static void subtract(
      double factor, double[] source, int from, double[] target, int at, int count) {
    for (int j = 0; j < count; j++) {
      target[at + j] -= factor * source[from + j];
    }
  }

  /** The number of columns. */
  public int n() {
    return n;
  }

  /** U, row after row; not to be changed. */
  double[] upper() {
    return upper;
  }

  /** The element of U's diagonal. */
  public double diagonal(int column) {
    return upper[column * n + column];
  }

  /** The damped Hessian; not to be changed. */
  public double[] damped() {
    return damped;
  }
}
