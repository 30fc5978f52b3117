package io.tributary.codecs.ecq;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.ProcessorCodecProvider;

/** Offers ecq. */
public final class EcqProvider extends ProcessorCodecProvider {
  @Override
  public CodecId id() {
    return EcqLayout.ID;
  }

  @Override
  public String description() {
    return "entropy-coded quantizer, near Shannon's bound; parameter: bits a value (2.5b,"
        + " rounded at random: 2.5b-stochastic), relative error (0.05rel) or largest error (0.001abs), default "
        + EcqTarget.DEFAULT;
  }

  @Override
  public TensorCodec create(Backend backend, String parameter) {
    EcqTarget goal = EcqTarget.parse(parameter);
    return new EcqCodec(
        goal, backend == Backend.SIMD ? new EcqSimdKernel() : new EcqScalarKernel());
  }
}
