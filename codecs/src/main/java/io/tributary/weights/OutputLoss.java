package io.tributary.weights;

/** What errors of weights cost at the outputs. */
public final class OutputLoss {
  private OutputLoss() {}

  /**
   * The sum of {@code e H eᵀ} over rows e: the mean squared error of all outputs.
   *
   * @param errors rows of {@code width} values from {@code at}
   * @param hessian of the inputs, {@code width} squared numbers
   */
  public static double of(float[] errors, int at, int rows, int width, double[] hessian) {
    var product = new double[width];
    double loss = 0;
    for (int row = at; row < at + rows * width; row += width) {
      java.util.Arrays.fill(product, 0);
      for (int k = 0; k < width; k++) {
        double error = errors[row + k];
        if (error != 0) {
          for (int j = 0; j < width; j++) {
            product[j] += error * hessian[k * width + j];
          }
        }
      }
      for (int j = 0; j < width; j++) {
        loss += errors[row + j] * product[j];
      }
    }
    return loss;
  }
}
