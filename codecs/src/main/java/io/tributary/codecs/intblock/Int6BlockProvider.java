package io.tributary.codecs.intblock;

/** Offers int6block. */
public final class Int6BlockProvider extends IntBlockProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Int6BlockProvider() {
    super(IntBlockFormat.INT6, "6-bit integers");
  }
}
