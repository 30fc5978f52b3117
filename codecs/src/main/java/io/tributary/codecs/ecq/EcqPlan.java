package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.ALPHABET;
import static io.tributary.codecs.ecq.EcqLayout.ZERO;

/** How one chunk is quantized and where its values are put back. Belongs to one thread. */
final class EcqPlan {
  /** Magnitudes that have a point of their own; the last stands for all larger ones as well. */
  static final int POINTS = 3;

  /** A point lies this much finer than a step. */
  static final int POINT_UNITS = 256;

  /**
   * Added to a number of magnitude below {@link #ROUNDABLE}, it leaves no fraction bits in the sum,
   * so the sum is the number rounded to nearest even, as an integer in the low bits of the pattern.
   */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  static final float ROUNDABLE = 0x1p22f;

  // The constants of MurmurHash3's finalizer, and what makes 24 bits a fraction.
  static final int NOISE_SHIFT_1 = 16;
  static final int NOISE_SHIFT_2 = 13;
  static final int NOISE_FACTOR_1 = 0x85EB_CA6B;
  static final int NOISE_FACTOR_2 = 0xC2B2_AE35;
  static final float NOISE_UNIT = 0x1p-24f;

  /** The distance between codes, in values. */
  float step;

  /** One divided by the step. */
  float reciprocal;

  /** The least scaled magnitude that isn't code 0, at least {@code 0.5 - bias}. */
  float threshold;

  /** What is added to a scaled magnitude before it is rounded, 0 or below. */
  float bias;

  /** Whether values are rounded up or down at random; threshold and bias mean nothing then. */
  boolean stochastic;

  /** Where the noise of random rounding comes from. */
  int seed;

  /** The bits of a code that the entropy coder leaves to the plane of low bits. */
  int shift;

  /** How far the points of magnitudes 1, 2, and 3 and above lie off the magnitude, -128 to 127. */
  final byte[] points = new byte[POINTS];

  /** The values of codes that stand at {@link EcqLayout#ZERO} and around it. */
  final float[] values = new float[ALPHABET];

  /** Sets the step, where its reciprocal and all values of codes are normal numbers. */
  void setStep(double wanted) {
    step = (float) wanted;
    reciprocal = 1f / step;
  }

  boolean acceptsStep() {
    return acceptsStep(step);
  }

  static boolean acceptsStep(float step) {
    return step >= EcqLayout.SMALLEST_STEP && step <= EcqLayout.LARGEST_STEP;
  }

  /**
   * The code of a value, with its low bits, clipped far above what any target needs.
   *
   * @param place of the value in its chunk
   */
  int code(float x, int place) {
    if (stochastic) {
      float noisy = x * reciprocal + noise(seed, place);
      float clipped = Math.max(-ROUNDABLE, Math.min(noisy, ROUNDABLE));
      return Float.floatToRawIntBits(clipped + ROUNDER) - ROUNDER_BITS;
    }
    float scaled = Math.abs(x) * reciprocal;
    int magnitude = 0;
    if (scaled >= ROUNDABLE) {
      magnitude = (int) ROUNDABLE;
    } else if (scaled >= threshold) {
      magnitude = Float.floatToRawIntBits(scaled + bias + ROUNDER) - ROUNDER_BITS;
    }
    return x < 0 ? -magnitude : magnitude;
  }

  /**
   * Noise from -0.5 to just below 0.5: the finalizer of MurmurHash3 (Appleby), so that any value's
   * noise is had without those before it.
   */
  static float noise(int seed, int place) {
    int hash = seed + place;
    hash = (hash ^ hash >>> NOISE_SHIFT_1) * NOISE_FACTOR_1;
    hash = (hash ^ hash >>> NOISE_SHIFT_2) * NOISE_FACTOR_2;
    hash ^= hash >>> NOISE_SHIFT_1;
    return (hash >> Byte.SIZE) * NOISE_UNIT;
  }

  /** What points are multiples of. */
  float unit() {
    return step * (1f / POINT_UNITS);
  }

  /** The value of a code with its low bits. */
  float value(int code) {
    if (shift > 0) {
      return code * step;
    }
    int magnitude = Math.abs(code);
    int off = magnitude == 0 ? 0 : points[Math.min(magnitude, POINTS) - 1];
    float value = (POINT_UNITS * magnitude + off) * unit();
    return code < 0 ? -value : value;
  }

  /**
   * Puts the values of codes into a target. A look-up a value, in all kernels: arithmetic on
   * vectors takes twenty operations for it, which the compiler often gives up inlining.
   */
  void restore(byte[] codes, int count, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] = values[codes[i] & 0xFF];
    }
  }

  /** Fills {@link #values} for codes up to a limit; where low bits follow, with the codes alone. */
  void fillValues(int limit) {
    for (int code = -limit; code <= limit; code++) {
      values[ZERO + code] = shift == 0 ? value(code) : code << shift;
    }
  }
}
