package io.tributary.codecs.e3m0;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.block.BlockCodec;
import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.internal.SimdSupport;
import java.util.Set;

/** Offers e3m0. */
public final class E3m0Provider implements CodecProvider {
  @Override
  public CodecId id() {
    return E3m0Layout.ID;
  }

  @Override
  public String description() {
    return "4-bit numbers (sign, 3 exponent bits) in blocks with a bf16 scale each; parameter: block size 64, 128 or 256";
  }

  @Override
  public Set<Backend> backends() {
    return Set.of(Backend.SCALAR, Backend.SIMD);
  }

  @Override
  public String unusableBecause(Backend backend) {
    return backend == Backend.SIMD ? SimdSupport.unusableBecause() : "";
  }

  @Override
  public String detail(Backend backend) {
    return backend == Backend.SIMD ? SimdSupport.bits() + " bit" : "";
  }

  @Override
  public TensorCodec create(Backend backend, String parameter) {
    int block = E3m0Layout.LAYOUT.blockSize(parameter);
    BlockKernel kernel = backend == Backend.SIMD ? new E3m0SimdKernel() : new E3m0ScalarKernel();
    return new BlockCodec(id(), E3m0Layout.LAYOUT, block, kernel);
  }
}
