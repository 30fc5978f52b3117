package io.tributary.codecs.intblock;

/** Offers int7block. */
public final class Int7BlockProvider extends IntBlockProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Int7BlockProvider() {
    super(IntBlockFormat.INT7, "7-bit integers");
  }
}
