package io.tributary.codecs.fp8;

/** Offers fp8e5m2. */
public final class Fp8E5m2Provider extends Fp8Provider {
  /** For {@link java.util.ServiceLoader}. */
  public Fp8E5m2Provider() {
    super(Fp8Format.E5M2, "floating-point numbers of 8 bits with 2 of fraction");
  }
}
