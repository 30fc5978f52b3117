package io.tributary.codecs.int8block;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.block.BlockCodec;
import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.internal.SimdSupport;
import java.util.Set;

/** Offers int8block. */
public final class Int8BlockProvider implements CodecProvider {
  @Override
  public CodecId id() {
    return Int8BlockLayout.ID;
  }

  @Override
  public String description() {
    return "8-bit integers in blocks with a bf16 scale each; parameter: block size 64, 128 or 256";
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
    int block = Int8BlockLayout.LAYOUT.blockSize(parameter);
    BlockKernel kernel =
        backend == Backend.SIMD ? new Int8BlockSimdKernel() : new Int8BlockScalarKernel();
    return new BlockCodec(id(), Int8BlockLayout.LAYOUT, block, kernel);
  }
}
