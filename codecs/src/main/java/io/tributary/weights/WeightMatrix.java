package io.tributary.weights;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.tensor.RowMatrix;

/**
 * A matrix in memory, row after row.
 *
 * @param values {@code rows * width} numbers, finite
 * @param rows at least 1
 * @param width values in each
 */
public record WeightMatrix(float[] values, int rows, int width) {
  /**
   * Reads all rows.
   *
   * @param what the tensor, for messages
   * @throws TributaryException {@code INVALID_SETTING} if it is too large for memory that one array
   *     addresses, {@code NON_FINITE} if a value is NaN or infinite
   */
  public static WeightMatrix read(String what, RowMatrix matrix) {
    long count = matrix.rows() * matrix.width();
    if (count > Integer.MAX_VALUE - 8) {
      throw io.tributary.error.Errors.invalidSetting(
          "tensor " + what, count + " values", "fewer than 2^31 for a recipe that needs all rows");
    }
    var values = new float[(int) count];
    matrix.read(0, (int) matrix.rows(), values, 0);
    checkFinite(what, values, 0, matrix.width());
    return new WeightMatrix(values, (int) matrix.rows(), matrix.width());
  }

  /**
   * Checks that all values of some rows are finite.
   *
   * @param what the tensor, for messages
   * @param first the first of these rows, for messages
   * @throws TributaryException {@code NON_FINITE} if one isn't
   */
  public static void checkFinite(String what, float[] values, long first, int width) {
    // Only a finite number times zero is zero. No branch, and four sums that needn't wait for each
    // other.
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 4 <= values.length; i += 4) {
      a += values[i] * 0f;
      b += values[i + 1] * 0f;
      c += values[i + 2] * 0f;
      d += values[i + 3] * 0f;
    }
    for (; i < values.length; i++) {
      a += values[i] * 0f;
    }
    if (a + b + c + d != 0) {
      int at = 0;
      while (Float.isFinite(values[at])) {
        at++;
      }
      throw new TributaryException(
          ErrorCode.NON_FINITE,
          "tensor "
              + what
              + ", row "
              + (first + at / width)
              + ", column "
              + at % width
              + ": expected a finite number, found "
              + values[at]
              + "; a rule NAME=plain keeps the tensor as it is");
    }
  }
}
