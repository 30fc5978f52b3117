package io.tributary.codecs.lowrank;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.TensorCodec;
import java.util.EnumSet;
import java.util.Set;

/** Offers lowrank. */
public final class LowRankProvider implements CodecProvider {
  @Override
  public CodecId id() {
    return LowRankLayout.ID;
  }

  @Override
  public String description() {
    return "a chunk as a matrix of few directions; parameter: the rank and the width of a row,"
        + " which is near the chunk's root if it isn't given, default "
        + LowRankLayout.DEFAULT;
  }

  @Override
  public Set<Backend> backends() {
    return EnumSet.of(Backend.SCALAR);
  }

  @Override
  public String unusableBecause(Backend backend) {
    if (backend != Backend.SCALAR) {
      throw new IllegalArgumentException("lowrank has no back end " + backend);
    }
    return "";
  }

  @Override
  public TensorCodec create(Backend backend, String parameter) {
    return new LowRankCodec(LowRankLayout.parse(parameter));
  }
}
