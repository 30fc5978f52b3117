package io.tributary.codecs.int4search;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.error.Errors;
import java.util.EnumSet;
import java.util.Set;

/** Offers int4search. */
public final class Int4SearchProvider implements CodecProvider {
  @Override
  public CodecId id() {
    return Int4SearchLayout.ID;
  }

  @Override
  public String description() {
    return "4-bit numbers whose scale, sign and spacing are searched for each 16 values, 4.504 bits a"
        + " value; no parameter";
  }

  @Override
  public Set<Backend> backends() {
    return EnumSet.of(Backend.SCALAR, Backend.SIMD);
  }

  @Override
  public String unusableBecause(Backend backend) {
    return BackendSupport.unusableBecause(backend);
  }

  @Override
  public String detail(Backend backend) {
    return BackendSupport.detail(backend);
  }

  @Override
  public TensorCodec create(Backend backend, String parameter) {
    if (!parameter.isEmpty()) {
      throw Errors.invalidSetting("parameter of int4search", "'" + parameter + "'", "none");
    }
    return new Int4SearchCodec(
        backend == Backend.SIMD ? new Int4SearchSimdKernel() : new Int4SearchScalarKernel());
  }
}
