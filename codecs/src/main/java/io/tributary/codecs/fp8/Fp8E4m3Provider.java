package io.tributary.codecs.fp8;

/** Offers fp8e4m3. */
public final class Fp8E4m3Provider extends Fp8Provider {
  /** For {@link java.util.ServiceLoader}. */
  public Fp8E4m3Provider() {
    super(Fp8Format.E4M3, "floating-point numbers of 8 bits with 3 of fraction");
  }
}
