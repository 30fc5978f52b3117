package io.tributary.codecs.fp8;

import io.tributary.codec.Backend;
import io.tributary.codecs.block.BlockCodecProvider;
import io.tributary.codecs.block.BlockGpuKernel;
import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.codecs.internal.GpuPrograms;

/** What the providers of both formats have in common. */
abstract class Fp8Provider extends BlockCodecProvider {
  private final Fp8Format format;

  Fp8Provider(Fp8Format format, String what) {
    super(format.id(), format.layout(), what);
    this.format = format;
  }

  @Override
  protected final BlockKernel kernel(Backend backend) {
    return switch (backend) {
      case SCALAR -> new Fp8ScalarKernel(format);
      case SIMD -> new Fp8SimdKernel(format);
      case GPU -> gpuKernel();
    };
  }

  private BlockKernel gpuKernel() {
    BlockKernel rest = kernel(BackendSupport.processor());
    return format == Fp8Format.E4M3
        ? new BlockGpuKernel(
            format.layout(),
            rest,
            new GpuPrograms<>(Fp8E4m3EncodeProgram.class, () -> new Fp8E4m3EncodeProgram()),
            new GpuPrograms<>(Fp8E4m3DecodeProgram.class, () -> new Fp8E4m3DecodeProgram()))
        : new BlockGpuKernel(
            format.layout(),
            rest,
            new GpuPrograms<>(Fp8E5m2EncodeProgram.class, () -> new Fp8E5m2EncodeProgram()),
            new GpuPrograms<>(Fp8E5m2DecodeProgram.class, () -> new Fp8E5m2DecodeProgram()));
  }
}
