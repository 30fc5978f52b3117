package io.tributary.codecs.internal;

import io.tributary.codec.Backend;

/** Answers a provider's questions about back ends, whichever codec asks. Safe for any thread. */
public final class BackendSupport {
  private BackendSupport() {}

  /** Why a back end can't be used here, or the empty string if it can. */
  public static String unusableBecause(Backend backend) {
    return switch (backend) {
      case SCALAR -> "";
      case SIMD -> SimdSupport.unusableBecause();
      case GPU -> GpuSupport.unusableBecause();
    };
  }

  /** Why a usable back end should run only on request, or the empty string. */
  public static String discouragedBecause(Backend backend) {
    return backend == Backend.GPU ? GpuSupport.discouragedBecause() : "";
  }

  /** The vector width or the device's name of a usable back end. */
  public static String detail(Backend backend) {
    return switch (backend) {
      case SCALAR -> "";
      case SIMD -> SimdSupport.bits() + " bit";
      case GPU -> GpuSupport.detail();
    };
  }

  /** The best back end of the processor. */
  public static Backend processor() {
    return SimdSupport.unusableBecause().isEmpty() ? Backend.SIMD : Backend.SCALAR;
  }
}
