package io.tributary.codecs.fp16;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codecs.element.ElementCodecProvider;
import io.tributary.codecs.element.ElementGpuKernel;
import io.tributary.codecs.element.ElementKernel;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.codecs.internal.GpuPrograms;

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
    return switch (backend) {
      case SCALAR -> new Fp16ScalarKernel();
      case SIMD -> new Fp16SimdKernel();
      case GPU ->
          new ElementGpuKernel(
              kernel(BackendSupport.processor()),
              new GpuPrograms<>(Fp16EncodeProgram.class, () -> new Fp16EncodeProgram()),
              new GpuPrograms<>(Fp16DecodeProgram.class, () -> new Fp16DecodeProgram()));
    };
  }
}
