package io.tributary.codecs.int4block;

import io.tributary.codec.Backend;
import io.tributary.codecs.block.BlockCodecProvider;
import io.tributary.codecs.block.BlockGpuKernel;
import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.codecs.internal.GpuPrograms;

/** Offers int4block. */
public final class Int4BlockProvider extends BlockCodecProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Int4BlockProvider() {
    super(Int4BlockLayout.ID, Int4BlockLayout.LAYOUT, "4-bit integers");
  }

  @Override
  protected BlockKernel kernel(Backend backend) {
    return switch (backend) {
      case SCALAR -> new Int4BlockScalarKernel();
      case SIMD -> new Int4BlockSimdKernel();
      case GPU ->
          new BlockGpuKernel(
              Int4BlockLayout.LAYOUT,
              kernel(BackendSupport.processor()),
              new GpuPrograms<>(Int4BlockEncodeProgram.class, () -> new Int4BlockEncodeProgram()),
              new GpuPrograms<>(Int4BlockDecodeProgram.class, () -> new Int4BlockDecodeProgram()));
    };
  }
}
