package io.tributary.codecs.internal;

import io.tributary.config.Setting;
import java.util.List;

/** The settings of this module; the generated page reads {@link #ALL}. */
public final class KernelSettings {
  /** The vector width to use instead of the machine's own. */
  public static final Setting<Integer> SIMD_BITS =
      Setting.ofInt(
          "simd.bits",
          0,
          0,
          512,
          "Vector width of the SIMD kernels: 128, 256 or 512 bits; 0 takes what the machine"
              + " prefers.");

  /** The number of values from which an OpenCL device is used. */
  public static final Setting<Integer> GPU_MIN_ELEMENTS =
      Setting.ofInt(
          "gpu.min-elements",
          1 << 20,
          1,
          Integer.MAX_VALUE,
          "Chunks of fewer elements are not worth the way to an OpenCL device and stay with the"
              + " processor, also where the GPU back end was asked for.");

  /** All of them, in the order of the page. */
  public static final List<Setting<?>> ALL = List.of(SIMD_BITS, GPU_MIN_ELEMENTS);

  private KernelSettings() {}
}
