package io.tributary.codecs.intblock;

/** Offers int2wh. */
public final class Int2WhProvider extends IntBlockProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Int2WhProvider() {
    super(IntBlockFormat.INT2_ROTATED, "four levels around zero, of rotated blocks");
  }
}
