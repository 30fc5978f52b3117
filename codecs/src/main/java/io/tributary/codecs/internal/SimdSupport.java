package io.tributary.codecs.internal;

import io.tributary.config.Setting;
import jdk.incubator.vector.FloatVector;

/**
 * Whether the Vector API can be used, and how wide. Nothing of the module is touched unless it is
 * there, so this class is safe to ask on any machine. Safe for any thread.
 */
public final class SimdSupport {
  private static final String MODULE = "jdk.incubator.vector";
  private static final int NARROWEST_BITS = 128;

  /** The vector width to use instead of the machine's own. */
  public static final Setting<Integer> BITS =
      Setting.ofInt(
          "simd.bits",
          0,
          0,
          512,
          "Vector width of the SIMD kernels, 128, 256 or 512; 0 takes what the machine prefers.");

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

  /** The width in bits that the kernels use; call only if they can be used. */
  public static int bits() {
    int forced = BITS.get();
    return forced == 128 || forced == 256 || forced == 512 ? forced : Preferred.BITS;
  }

  /** Loaded only after the module was found. */
  private static final class Preferred {
    static final int BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }
}
