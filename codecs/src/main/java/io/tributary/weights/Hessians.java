package io.tributary.weights;

/**
 * What calibration knows of the inputs of a model's matrices. Safe for any thread.
 *
 * <p>For a matrix whose rows give {@code y = W x}, the Hessian of the squared output error is the
 * mean of {@code x xᵀ} over the inputs seen; a positive factor in front of it changes nothing but
 * printed losses.
 */
@FunctionalInterface
public interface Hessians {
  /**
   * The Hessian of a tensor's inputs.
   *
   * @param n the tensor's width
   * @return n times n numbers, symmetric, a copy that is the caller's own
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if no input of this
   *     tensor was seen
   */
  double[] of(String tensor, int n);

  /** None at all: for recipes that look at nothing but weights. */
  static Hessians none() {
    return (tensor, n) -> {
      throw io.tributary.error.Errors.invalidSetting(
          "tensor " + tensor, "none", "inputs seen in calibration, which this recipe needs");
    };
  }
}
