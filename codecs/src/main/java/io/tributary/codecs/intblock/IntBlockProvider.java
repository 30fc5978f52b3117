package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codecs.block.BlockCodecProvider;
import io.tributary.codecs.block.BlockGpuKernel;
import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.codecs.internal.GpuPrograms;

/** What the providers of all formats have in common. */
abstract class IntBlockProvider extends BlockCodecProvider {
  private final IntBlockFormat format;

  IntBlockProvider(IntBlockFormat format, String what) {
    super(format.id(), format.layout(), what);
    this.format = format;
  }

  @Override
  protected final BlockKernel kernel(Backend backend) {
    return switch (backend) {
      case SCALAR -> new IntBlockScalarKernel(format);
      case SIMD -> new IntBlockSimdKernel(format);
      case GPU ->
          new BlockGpuKernel(
              format.layout(),
              kernel(BackendSupport.processor()),
              new GpuPrograms<>(IntBlockEncodeProgram.class, () -> new IntBlockEncodeProgram()),
              new GpuPrograms<>(IntBlockDecodeProgram.class, () -> new IntBlockDecodeProgram()));
    };
  }
}
