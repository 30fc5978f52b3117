package io.tributary.codecs.intblock;

/** Offers int3wh. */
public final class Int3WhProvider extends IntBlockProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Int3WhProvider() {
    super(IntBlockFormat.INT3_ROTATED, "3-bit integers of rotated blocks");
  }
}
