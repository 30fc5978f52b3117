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
      case SCALAR -> {
        var kernel = new IntBlockScalarKernel(format);
        yield format.rotated()
            ? new RotatedKernel(format, kernel, new RotationScalarKernel())
            : kernel;
      }
      case SIMD -> {
        var kernel = new IntBlockSimdKernel(format);
        yield format.rotated()
            ? new RotatedKernel(format, kernel, new RotationSimdKernel())
            : kernel;
      }
      case GPU -> gpuKernel();
    };
  }

  private BlockKernel gpuKernel() {
    BlockKernel rest = kernel(BackendSupport.processor());
    return format.rotated()
        ? new BlockGpuKernel(
            format.layout(),
            rest,
            new GpuPrograms<>(RotatedEncodeProgram.class, () -> new RotatedEncodeProgram()),
            new GpuPrograms<>(RotatedDecodeProgram.class, () -> new RotatedDecodeProgram()))
        : new BlockGpuKernel(
            format.layout(),
            rest,
            new GpuPrograms<>(IntBlockEncodeProgram.class, () -> new IntBlockEncodeProgram()),
            new GpuPrograms<>(IntBlockDecodeProgram.class, () -> new IntBlockDecodeProgram()));
  }
}
