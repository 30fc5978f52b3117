package io.tributary.codecs.topk;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.ProcessorCodecProvider;

/** Offers topk. */
public final class TopkProvider extends ProcessorCodecProvider {
  @Override
  public CodecId id() {
    return TopkLayout.ID;
  }

  @Override
  public String description() {
    return "the largest magnitudes of each 4096 values, with 12-bit indices; parameter: the share"
        + " that is kept and the bits of a value, default "
        + TopkLayout.DEFAULT;
  }

  @Override
  public TensorCodec create(Backend backend, String parameter) {
    TopkLayout layout = TopkLayout.parse(parameter);
    return new TopkCodec(
        layout, backend == Backend.SIMD ? new TopkSimdKernel() : new TopkScalarKernel());
  }
}
