package io.tributary.codecs.channelwise;

import io.tributary.codec.Backend;

/** The kernels by their back ends. Safe for any thread. */
public final class ChannelKernels {
  private ChannelKernels() {}

  /** The kernel of a back end of the processor; touches no other one's class. */
  public static ChannelKernel of(Backend backend) {
    return backend == Backend.SIMD ? new ChannelSimdKernel() : new ChannelScalarKernel();
  }
}
