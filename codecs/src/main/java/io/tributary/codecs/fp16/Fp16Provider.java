package io.tributary.codecs.fp16;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codecs.element.ElementCodecProvider;
import io.tributary.codecs.element.ElementKernel;

/** Offers fp16. */
public final class Fp16Provider extends ElementCodecProvider {
  private static final CodecId ID = new CodecId(0x0002, "fp16", 1, 1);

  /** For {@link java.util.ServiceLoader}. */
  public Fp16Provider() {
    super(
        ID,
        Short.BYTES,
        "IEEE 754 half precision: 11 significant bits, at most 65504, NaN and infinity pass");
  }

  @Override
  protected ElementKernel kernel(Backend backend) {
    return backend == Backend.SIMD ? new Fp16SimdKernel() : new Fp16ScalarKernel();
  }
}
