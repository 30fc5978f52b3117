package io.tributary.codecs.bf16;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codecs.element.ElementCodecProvider;
import io.tributary.codecs.element.ElementKernel;

/** Offers bf16. */
public final class Bf16Provider extends ElementCodecProvider {
  private static final CodecId ID = new CodecId(0x0006, "bf16", 1, 1);

  /** For {@link java.util.ServiceLoader}. */
  public Bf16Provider() {
    super(
        ID,
        Short.BYTES,
        "upper half of a float32: 8 significant bits, its whole range, NaN and infinity pass");
  }

  @Override
  protected ElementKernel kernel(Backend backend) {
    return backend == Backend.SIMD ? new Bf16SimdKernel() : new Bf16ScalarKernel();
  }
}
