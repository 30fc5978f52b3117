package io.tributary.codecs.intblock;

/** Offers int2block. */
public final class Int2BlockProvider extends IntBlockProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Int2BlockProvider() {
    super(IntBlockFormat.INT2, "four levels around zero");
  }
}
