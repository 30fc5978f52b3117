package io.tributary.codecs.raw32;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codecs.element.ElementCodecProvider;
import io.tributary.codecs.element.ElementKernel;
import java.util.EnumSet;
import java.util.Set;

/** Offers raw32. */
public final class Raw32Provider extends ElementCodecProvider {
  private static final CodecId ID = new CodecId(0x0001, "raw32", 1, 1);

  /** For {@link java.util.ServiceLoader}. */
  public Raw32Provider() {
    super(ID, Float.BYTES, "float32 as it is: every bit pattern survives");
  }

  /** A device could only copy. */
  @Override
  public Set<Backend> backends() {
    return EnumSet.of(Backend.SCALAR, Backend.SIMD);
  }

  @Override
  protected ElementKernel kernel(Backend backend) {
    return backend == Backend.SIMD ? new Raw32SimdKernel() : new Raw32ScalarKernel();
  }
}
