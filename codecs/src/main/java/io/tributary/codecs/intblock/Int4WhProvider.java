package io.tributary.codecs.intblock;

/** Offers int4wh. */
public final class Int4WhProvider extends IntBlockProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Int4WhProvider() {
    super(IntBlockFormat.INT4_ROTATED, "4-bit integers of rotated blocks");
  }
}
