package io.tributary.codec;

import java.util.Arrays;
import java.util.Optional;

/** What a row of activations is to a codec. Numbers are explicit and never re-used. */
public enum RowKind {
  /** Quantized with all others. */
  ORDINARY(0),
  /**
   * The first token of a sequence, whose activations are often many times larger than all others':
   * kept out of the ranges and carried in half precision.
   */
  FIRST(1),
  /** Beyond the end of a sequence: not sent, zero at the other end. */
  PADDING(2);

  private final int number;

  RowKind(int number) {
    this.number = number;
  }

  /** The number on the wire, 2 bits. */
  public int number() {
    return number;
  }

  /** The kind of a wire number, or empty. */
  public static Optional<RowKind> fromWire(int number) {
    return Arrays.stream(values()).filter(k -> k.number == number).findFirst();
  }
}
