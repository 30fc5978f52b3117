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

  /**
   * Why a usable back end should run only on request, or the empty string. Values that lie in the
   * processor's memory take longer to the device than vectors take to encode them: on an H100, 4
   * GB/s in chunks of a million and 25 in hundreds of millions.
   */
  public static String discouragedBecause(Backend backend) {
    if (backend != Backend.GPU) {
      return "";
    }
    String reason = GpuSupport.discouragedBecause();
    return reason.isEmpty() && processor() == Backend.SIMD && GpuSupport.unusableBecause().isEmpty()
        ? "the way to it takes longer than vectors take to encode"
        : reason;
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
