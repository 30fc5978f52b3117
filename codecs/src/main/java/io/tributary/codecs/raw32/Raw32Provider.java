package io.tributary.codecs.raw32;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.TensorCodec;
import io.tributary.error.Errors;
import java.util.Set;

/** Offers raw32. */
public final class Raw32Provider implements CodecProvider {
  @Override
  public CodecId id() {
    return Raw32Codec.ID;
  }

  @Override
  public String description() {
    return "float32 as it is, 32 bits a value, every bit pattern survives; no parameter";
  }

  @Override
  public Set<Backend> backends() {
    return Set.of(Backend.SCALAR);
  }

  @Override
  public String unusableBecause(Backend backend) {
    return "";
  }

  @Override
  public TensorCodec create(Backend backend, String parameter) {
    if (!parameter.isEmpty()) {
      throw Errors.invalidSetting("parameter of raw32", "'" + parameter + "'", "none");
    }
    return new Raw32Codec();
  }
}
