package io.tributary.codecs.intblock;

/** Offers int5block. */
public final class Int5BlockProvider extends IntBlockProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Int5BlockProvider() {
    super(IntBlockFormat.INT5, "5-bit integers");
  }
}
