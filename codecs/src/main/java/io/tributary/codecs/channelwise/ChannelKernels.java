package io.tributary.codecs.channelwise;

import io.tributary.codec.Backend;
import io.tributary.codecs.internal.BackendSupport;

/** The kernels by their back ends. Safe for any thread. */
public final class ChannelKernels {
  private ChannelKernels() {}

  /** The kernel of a back end; touches no other one's class. */
  public static ChannelKernel of(Backend backend) {
    return switch (backend) {
      case SCALAR -> new ChannelScalarKernel();
      case SIMD -> new ChannelSimdKernel();
      case GPU -> new ChannelGpuKernel(of(BackendSupport.processor()));
    };
  }
}
