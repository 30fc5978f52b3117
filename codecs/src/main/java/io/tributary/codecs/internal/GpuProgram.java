package io.tributary.codecs.internal;

import com.aparapi.Kernel;

/**
 * An OpenCL program written in Java: Aparapi translates {@code run()} and what it calls.
 *
 * <p>Subclasses are top-level classes with primitive arrays as fields. They use nothing whose
 * rounding a device may choose: no division, no {@code exp}, no sum of a product that isn't an
 * explicit {@code fma}. There is one instance of each class, and only the GPU thread touches it,
 * see {@link GpuDevice}.
 */
public abstract class GpuProgram extends Kernel {
  /** Work items in a work group. */
  public static final int ITEMS = 128;

  /** A program whose arrays move only when they are told to. */
  protected GpuProgram() {
    setExplicit(true);
  }

  /**
   * Refuses: Aparapi clones a kernel only to run it in Java threads after a device failed, which is
   * far slower than any other back end and must not happen unseen.
   */
  @Override
  public final Kernel clone() {
    throw new IllegalStateException(getClass().getSimpleName() + " must run on an OpenCL device");
  }

  /**
   * 1 for a number with a minus sign, minus zero too, otherwise 0. Of the quotient only the sign of
   * an infinity counts, which no device rounds.
   */
  protected final int signOf(float x) {
    int sign = 0;
    if (x < 0f) {
      sign = 1;
    }
    if (x == 0f) {
      if (1f / x < 0f) {
        sign = 1;
      }
    }
    return sign;
  }
}
