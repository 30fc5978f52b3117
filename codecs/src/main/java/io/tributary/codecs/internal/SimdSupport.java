package io.tributary.codecs.internal;

import io.tributary.error.Errors;
import jdk.incubator.vector.FloatVector;

/**
 * Whether the Vector API can be used, and how wide. Nothing of the module is touched unless it is
 * there, so this class is safe to ask on any machine. Safe for any thread.
 */
public final class SimdSupport {
  private static final String MODULE = "jdk.incubator.vector";
  private static final int NARROWEST_BITS = 128;

  private SimdSupport() {}

  /** Why the SIMD kernels can't be used, or the empty string if they can. */
  public static String unusableBecause() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "Java runs without --add-modules " + MODULE;
    }
    int bits = Preferred.BITS;
    return bits < NARROWEST_BITS
        ? "vectors of " + bits + " bits are too narrow, " + NARROWEST_BITS + " are needed"
        : "";
  }

  /**
   * The width in bits that the kernels use; call only if they can be used.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} for a width that isn't
   *     one
   */
  public static int bits() {
    int forced = KernelSettings.SIMD_BITS.get();
    return switch (forced) {
      case 0 -> Preferred.BITS;
      case 128, 256, 512 -> forced;
      default ->
          throw Errors.invalidSetting(
              "setting " + KernelSettings.SIMD_BITS.property(), forced, "0, 128, 256 or 512");
    };
  }

  /** Loaded only after the module was found. */
  private static final class Preferred {
    static final int BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }
}
