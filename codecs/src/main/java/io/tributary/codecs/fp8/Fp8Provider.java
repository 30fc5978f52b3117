package io.tributary.codecs.fp8;

import io.tributary.codec.Backend;
import io.tributary.codecs.block.BlockCodecProvider;
import io.tributary.codecs.block.BlockKernel;
import java.util.EnumSet;
import java.util.Set;

/** What the providers of both formats have in common: no program for OpenCL devices. */
abstract class Fp8Provider extends BlockCodecProvider {
  private final Fp8Format format;

  Fp8Provider(Fp8Format format, String what) {
    super(format.id(), format.layout(), what);
    this.format = format;
  }

  @Override
  public final Set<Backend> backends() {
    return EnumSet.of(Backend.SCALAR, Backend.SIMD);
  }

  @Override
  protected final BlockKernel kernel(Backend backend) {
    return backend == Backend.SIMD ? new Fp8SimdKernel(format) : new Fp8ScalarKernel(format);
  }
}
