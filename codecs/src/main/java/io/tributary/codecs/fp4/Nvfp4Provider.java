package io.tributary.codecs.fp4;

/** Offers nvfp4. */
public final class Nvfp4Provider extends Fp4Provider {
  /** For {@link java.util.ServiceLoader}. */
  public Nvfp4Provider() {
    super(Fp4Format.NVFP4, "an e4m3 scale each, and one scale a chunk, 4.5 bits a value");
  }
}
