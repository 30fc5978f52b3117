package io.tributary.tensor;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a tensor is to the model; codec policies choose by it. Wire numbers are explicit and never
 * re-used.
 */
public enum TensorRole {
  /** A weight matrix. */
  MATRIX(1),
  /** A table of token or position vectors. */
  EMBEDDING(2),
  /** The gain or offset of a normalization. */
  NORM(3),
  /** An additive vector. */
  BIAS(4);

  private final int number;

  TensorRole(int number) {
    this.number = number;
  }

  /** The number on the wire, 8 bits. */
  public int number() {
    return number;
  }

  /** The role of a wire number, or empty. */
  public static Optional<TensorRole> fromWire(int number) {
    return Arrays.stream(values()).filter(r -> r.number == number).findFirst();
  }
}
