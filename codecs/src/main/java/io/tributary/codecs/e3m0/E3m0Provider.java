package io.tributary.codecs.e3m0;

import io.tributary.codec.Backend;
import io.tributary.codecs.block.BlockCodecProvider;
import io.tributary.codecs.block.BlockGpuKernel;
import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.codecs.internal.GpuPrograms;

/** Offers e3m0. */
public final class E3m0Provider extends BlockCodecProvider {
  /** For {@link java.util.ServiceLoader}. */
  public E3m0Provider() {
    super(E3m0Layout.ID, E3m0Layout.LAYOUT, "4-bit numbers of sign and 3 exponent bits");
  }

  @Override
  protected BlockKernel kernel(Backend backend) {
    return switch (backend) {
      case SCALAR -> new E3m0ScalarKernel();
      case SIMD -> new E3m0SimdKernel();
      case GPU ->
          new BlockGpuKernel(
              E3m0Layout.LAYOUT,
              kernel(BackendSupport.processor()),
              new GpuPrograms<>(E3m0EncodeProgram.class, () -> new E3m0EncodeProgram()),
              new GpuPrograms<>(E3m0DecodeProgram.class, () -> new E3m0DecodeProgram()));
    };
  }
}
