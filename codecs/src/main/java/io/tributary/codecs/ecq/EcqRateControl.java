package io.tributary.codecs.ecq;

/**
 * Chooses step, thresholds and points for a target, by a chunk's {@link EcqCurve}. Belongs to one
 * thread.
 *
 * <p>Two quantizers are tried: rounding to the nearest code, and a zero bin that is wider by a
 * fifth of a step, all other thresholds moving as well. The better one is that with fewer bits at
 * the same error. With values put back at the centroids of their bins nothing between or beyond the
 * two gains more than a hundredth of a decibel, neither for normal nor for Laplace distributions.
 */
final class EcqRateControl {
  private static final int MOST_TURNS = 12;
  private static final double TOLERANCE = 1e-3;

  /** The widening of the zero bin that is tried. */
  private static final float DEAD_ZONE = 0.1f;

  /** How many octaves below what a normal distribution needs a step may be. */
  private static final double FINEST = 3.4;

  /** How many octaves above the first guess a step is looked for. */
  private static final double WIDEST = 6;

  /** Step of a normally distributed chunk times two to the bits a value, in mean magnitudes. */
  private static final double STEP_AT_NO_BITS = 5.2;

  /** Codes whose mean magnitude is from 2^5 on leave low bits to their plane. */
  private static final int CODED_BITS = 4;

  /** Bits of header and states, and of a table for one bit a value, about. */
  private static final int FIXED_BITS = 200;

  private static final int STATE_BITS = 17;

  private static final int TABLE_BITS = 10;

  private final EcqCurve curve = new EcqCurve();

  /** Looks at a chunk that isn't all zeros. */
  void sample(float[] source, int from, int count, int largestMagnitude) {
    curve.sample(source, from, count, largestMagnitude);
  }

  /**
   * Fills a plan.
   *
   * @param gain bits a value that classes save, which the curve knows nothing of
   * @param largest the largest magnitude of the chunk
   */
  void choose(EcqTarget target, int count, double gain, float largest, EcqPlan plan) {
    plan.threshold = 0.5f;
    plan.bias = 0f;
    plan.shift = 0;
    java.util.Arrays.fill(plan.points, (byte) 0);
    if (target.kind() == EcqTarget.Kind.ABSOLUTE) {
      // A little less than twice the bound, so that rounding in float32 stays within it.
      plan.setStep(2 * target.value() * (1 - 0x1p-10));
      setShift(plan);
      return;
    }
    if (curve.sum <= 0) {
      plan.setStep(largest / EcqLayout.BLOCK);
      return;
    }
    boolean bits = target.kind() == EcqTarget.Kind.BITS;
    double goal =
        bits
            ? Math.max(target.value() / 2, target.value() - sideBits(target.value(), count) / count)
                + gain
            : EcqLog2.of(target.value() * target.value() * curve.energy) / 2;
    double rate = bits ? goal : Math.max(0, -EcqLog2.of(target.value()));
    double mean = EcqLog2.of(STEP_AT_NO_BITS * curve.sum / curve.number);
    double finest = mean - FINEST - rate;
    double sharp = solve(plan, bits, goal, mean - rate, finest);
    if (target.stochastic()) {
      setStep(plan, sharp);
      return;
    }
    double sharpCost = cost();
    plan.threshold = 0.5f + DEAD_ZONE;
    plan.bias = -DEAD_ZONE;
    double wide = solve(plan, bits, goal, sharp - DEAD_ZONE, finest);
    if (plan.shift > 0 || sharpCost < cost()) {
      plan.threshold = 0.5f;
      plan.bias = 0f;
      setStep(plan, sharp);
    } else {
      setStep(plan, wide);
    }
    curve.evaluate(plan);
    setPoints(plan);
  }

  /** Finds the power of two that is the step for a goal. */
  private double solve(EcqPlan plan, boolean bits, double goal, double first, double finest) {
    double at = Math.max(first, finest);
    double tooFine = finest;
    double tooCoarse = at + WIDEST;
    double slope = bits ? -1 : 1;
    double atBefore = at;
    double offBefore = 0;
    for (int turn = 0; ; turn++) {
      setStep(plan, at);
      curve.evaluate(plan);
      double off = (bits ? curve.rate : distortion()) - goal;
      if (Math.abs(off) < TOLERANCE || turn == MOST_TURNS) {
        return at;
      }
      if (off > 0 == bits) {
        tooFine = at;
      } else {
        tooCoarse = at;
      }
      if (turn > 0) {
        slope = (off - offBefore) / (at - atBefore);
      }
      atBefore = at;
      offBefore = off;
      double next = at - off / slope;
      at = next > tooFine && next < tooCoarse ? next : (tooFine + tooCoarse) / 2;
    }
  }

  /** Half the binary logarithm of the error, which falls by one with a bit. */
  private double distortion() {
    return EcqLog2.of(Math.max(curve.distortion, Double.MIN_NORMAL)) / 2;
  }

  /** Bits by which the last quantizer lies above one with no error at all, less a constant. */
  private double cost() {
    return curve.rate + distortion();
  }

  private void setStep(EcqPlan plan, double power) {
    plan.setStep(EcqLog2.exp2(power));
    setShift(plan);
  }

  private static double sideBits(double bits, int count) {
    int streams = bits * count < EcqStates.BITS_FOR_MANY ? EcqStates.FEW : EcqStates.MANY;
    return FIXED_BITS + STATE_BITS * streams + TABLE_BITS * EcqLog2.exp2(Math.min(bits, 6));
  }

  private void setShift(EcqPlan plan) {
    double codes = curve.meanOfNonzero() / plan.step;
    int bits = codes < 1 ? 0 : Math.getExponent(codes) - CODED_BITS;
    plan.shift = Math.min(Math.max(bits, 0), EcqLayout.MAX_SHIFT);
  }

  private void setPoints(EcqPlan plan) {
    if (plan.shift > 0) {
      return;
    }
    for (int i = 0; i < EcqPlan.POINTS; i++) {
      double off = Math.rint(curve.centroids[i] * EcqPlan.POINT_UNITS);
      // No value is put further away than zero is.
      double most = i == 0 ? (2 * plan.threshold - 1) * EcqPlan.POINT_UNITS : Byte.MAX_VALUE;
      plan.points[i] =
          (byte) Math.max(Byte.MIN_VALUE, Math.min(Math.min(off, most), Byte.MAX_VALUE));
    }
  }
}
