package io.tributary.codecs.fp4;

/** Offers mxfp4. */
public final class Mxfp4Provider extends Fp4Provider {
  /** For {@link java.util.ServiceLoader}. */
  public Mxfp4Provider() {
    super(Fp4Format.MXFP4, "a power of two as scale each, 4.25 bits a value");
  }
}
