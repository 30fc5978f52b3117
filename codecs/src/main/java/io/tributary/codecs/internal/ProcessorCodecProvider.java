package io.tributary.codecs.internal;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecProvider;
import java.util.EnumSet;
import java.util.Set;

/** What the providers of codecs that run on the processor alone have in common. */
public abstract class ProcessorCodecProvider implements CodecProvider {
  @Override
  public final Set<Backend> backends() {
    return EnumSet.of(Backend.SCALAR, Backend.SIMD);
  }

  @Override
  public final String unusableBecause(Backend backend) {
    return BackendSupport.unusableBecause(backend);
  }

  @Override
  public final String detail(Backend backend) {
    return BackendSupport.detail(backend);
  }
}
