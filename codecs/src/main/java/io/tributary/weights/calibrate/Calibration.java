package io.tributary.weights.calibrate;

import io.tributary.error.Errors;
import io.tributary.weights.Hessians;
import java.util.Map;
import java.util.Set;

/** What was gathered of a model's inputs. Safe for any thread. */
public final class Calibration implements Hessians {
  private final Map<String, InputSums> byTensor;
  private final long tokens;

  Calibration(Map<String, InputSums> byTensor, long tokens) {
    this.byTensor = Map.copyOf(byTensor);
    this.tokens = tokens;
  }

  /** The matrices whose inputs were seen. */
  public Set<String> tensors() {
    return byTensor.keySet();
  }

  /** The inputs that each of them had. */
  public long tokens() {
    return tokens;
  }

  /**
   * The mean of {@code x xᵀ} over a matrix's inputs, without damping.
   *
   * @return n times n numbers, n the matrix's width; symmetric; the caller's own
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if no input of this
   *     matrix was seen
   */
  public double[] hessian(String tensor) {
    return sums(tensor).hessian(tokens);
  }

  /**
   * The mean magnitude of each channel of a matrix's inputs.
   *
   * @return n numbers, n the matrix's width; the caller's own
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if no input of this
   *     matrix was seen
   */
  public double[] norms(String tensor) {
    return sums(tensor).norms(tokens);
  }

  @Override
  public double[] of(String tensor, int n) {
    int width = sums(tensor).width();
    if (width != n) {
      throw Errors.invalidSetting("width of tensor " + tensor, n, width + " as in calibration");
    }
    return hessian(tensor);
  }

  private InputSums sums(String tensor) {
    InputSums sums = byTensor.get(tensor);
    if (sums == null) {
      throw Errors.invalidSetting(
          "tensor " + tensor, "none", "inputs seen in calibration, which only matrices have");
    }
    return sums;
  }
}
