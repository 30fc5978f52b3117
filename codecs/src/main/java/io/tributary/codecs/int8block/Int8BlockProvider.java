package io.tributary.codecs.int8block;

import io.tributary.codec.Backend;
import io.tributary.codecs.block.BlockCodecProvider;
import io.tributary.codecs.block.BlockGpuKernel;
import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.codecs.internal.GpuPrograms;

/** Offers int8block. */
public final class Int8BlockProvider extends BlockCodecProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Int8BlockProvider() {
    super(Int8BlockLayout.ID, Int8BlockLayout.LAYOUT, "8-bit integers");
  }

  @Override
  protected BlockKernel kernel(Backend backend) {
    return switch (backend) {
      case SCALAR -> new Int8BlockScalarKernel();
      case SIMD -> new Int8BlockSimdKernel();
      case GPU ->
          new BlockGpuKernel(
              Int8BlockLayout.LAYOUT,
              kernel(BackendSupport.processor()),
              new GpuPrograms<>(Int8BlockEncodeProgram.class, () -> new Int8BlockEncodeProgram()),
              new GpuPrograms<>(Int8BlockDecodeProgram.class, () -> new Int8BlockDecodeProgram()));
    };
  }
}
