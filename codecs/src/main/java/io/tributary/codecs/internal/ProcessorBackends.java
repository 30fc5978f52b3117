package io.tributary.codecs.internal;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecBackends;
import java.util.EnumSet;
import java.util.Set;

/** The back ends of what runs on the processor alone. */
public abstract class ProcessorBackends implements CodecBackends {
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
