package io.tributary.codecs.bf16;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codecs.element.ElementCodecProvider;
import io.tributary.codecs.element.ElementGpuKernel;
import io.tributary.codecs.element.ElementKernel;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.codecs.internal.GpuPrograms;

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
    return switch (backend) {
      case SCALAR -> new Bf16ScalarKernel();
      case SIMD -> new Bf16SimdKernel();
      case GPU ->
          new ElementGpuKernel(
              kernel(BackendSupport.processor()),
              new GpuPrograms<>(Bf16EncodeProgram.class, () -> new Bf16EncodeProgram()),
              new GpuPrograms<>(Bf16DecodeProgram.class, () -> new Bf16DecodeProgram()));
    };
  }
}
