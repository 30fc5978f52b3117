package io.tributary.weights.transform;

/**
 * An invertible change of each row of a matrix. Its text, from {@link Object#toString}, and its
 * side bytes say all that must be known to undo it. Immutable, safe for any thread.
 */
public interface RowTransform {
  /** Changes rows of {@code width} values from {@code at}, in place. */
  void apply(float[] rows, int at, int count, int width);

  /** Undoes {@link #apply} up to rounding, in place. */
  void undo(float[] rows, int at, int count, int width);

  /**
   * What becomes of the Hessian of the rows' inputs, in place: with rows {@code w A} it is {@code
   * A⁻¹ H A⁻ᵀ}, so that the loss of an error is the same before and after.
   */
  void applyToHessian(double[] hessian, int width);

  /** What a decoder must have beside the text; perhaps nothing. */
  byte[] side();
}
