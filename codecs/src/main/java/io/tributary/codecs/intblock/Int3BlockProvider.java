package io.tributary.codecs.intblock;

/** Offers int3block. */
public final class Int3BlockProvider extends IntBlockProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Int3BlockProvider() {
    super(IntBlockFormat.INT3, "3-bit integers");
  }
}
