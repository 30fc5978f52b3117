package io.tributary.codecs.int4search;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.ProcessorCodecProvider;
import io.tributary.error.Errors;

/** Offers int4search. */
public final class Int4SearchProvider extends ProcessorCodecProvider {
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
  public TensorCodec create(Backend backend, String parameter) {
    if (!parameter.isEmpty()) {
      throw Errors.invalidSetting("parameter of int4search", "'" + parameter + "'", "none");
    }
    return new Int4SearchCodec(
        backend == Backend.SIMD ? new Int4SearchSimdKernel() : new Int4SearchScalarKernel());
  }
}
