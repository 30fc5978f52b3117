package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.BLOCK;

/**
 * The distribution of a chunk's magnitudes, from a sample: number, sum and sum of squares of the
 * values below any bound, so that rate and error of any quantizer cost a look at each threshold
 * instead of a pass over the values. Belongs to one thread.
 *
 * <p>Bins are 32 to the octave and begin 24 octaves below the largest magnitude; within a bin,
 * values are taken as evenly spread.
 */
final class EcqCurve {
  private static final int SAMPLE_BLOCKS = 64;
  private static final int BIN_SHIFT = 18;
  private static final int OCTAVES = 24;
  private static final int BINS = OCTAVES << (23 - BIN_SHIFT);
  private static final int MAGNITUDE = 0x7FFF_FFFF;
  private static final int PATTERN_OF_ONE_OCTAVE = 1 << 23;
  private static final int MAX_MAGNITUDE = 127;
  private static final double NANO = 1e-9;

  private final int[] counts = new int[BINS + 1];
  private final double[] numbers = new double[BINS + 2];
  private final double[] sums = new double[BINS + 2];
  private final double[] squares = new double[BINS + 2];
  private final double[] expected = new double[MAX_MAGNITUDE + 2];
  private int base;
  private int positive;
  private int nonzero;

  /** Sampled values. */
  double number;

  /** Their sum of magnitudes. */
  double sum;

  /** Their sum of squares. */
  double energy;

  // What the last call of evaluate found.

  /** Bits a value. */
  double rate;

  /** Sum of squared errors. */
  double distortion;

  /** The places of points 1, 2, and 3 and above relative to their magnitude, in steps. */
  final double[] centroids = new double[EcqPlan.POINTS];

  /** The share of values with magnitude 0, 1 and 2. */
  final double[] shares = new double[EcqPlan.POINTS];

  /** Takes a sample: all of a short chunk, or blocks from all its parts. */
  void sample(float[] source, int from, int count, int largestMagnitude) {
    java.util.Arrays.fill(counts, 0);
    base = Math.max(0, largestMagnitude + 1 - OCTAVES * PATTERN_OF_ONE_OCTAVE);
    positive = 0;
    nonzero = 0;
    int blocks = count / BLOCK;
    if (blocks <= SAMPLE_BLOCKS) {
      add(source, from, count);
    } else {
      for (int i = 0; i < SAMPLE_BLOCKS; i++) {
        // Unevenly spaced, so that no period of the tensor's shape falls in step with the sample.
        long place = (long) i * SAMPLE_BLOCKS + i * 37 % SAMPLE_BLOCKS;
        int block = (int) (place * blocks / (SAMPLE_BLOCKS * SAMPLE_BLOCKS));
        add(source, from + BLOCK * block, BLOCK);
      }
    }
    number = 0;
    sum = 0;
    energy = 0;
    for (int bin = 0; bin <= BINS; bin++) {
      numbers[bin] = number;
      sums[bin] = sum;
      squares[bin] = energy;
      double middle = bin == 0 ? 0 : bound(bin) * 0.5 + bound(bin + 1) * 0.5;
      number += counts[bin];
      sum += counts[bin] * middle;
      energy += counts[bin] * middle * middle;
    }
    numbers[BINS + 1] = number;
    sums[BINS + 1] = sum;
    squares[BINS + 1] = energy;
  }

  private void add(float[] source, int from, int count) {
    int above = 0;
    int none = 0;
    for (int i = from; i < from + count; i++) {
      int bits = Float.floatToRawIntBits(source[i]);
      int magnitude = bits & MAGNITUDE;
      counts[Math.max(0, (magnitude - base) >> BIN_SHIFT)]++;
      above += bits >>> 31;
      none += magnitude == 0 ? 1 : 0;
    }
    positive += count - above;
    nonzero += count - none;
  }

  /** The mean magnitude of the values that aren't zero. */
  double meanOfNonzero() {
    return sum / Math.max(1, nonzero);
  }

  private double bound(int bin) {
    return Float.intBitsToFloat(base + (bin << BIN_SHIFT));
  }

  /**
   * Finds {@link #rate}, {@link #distortion}, {@link #centroids} and {@link #shares} of a quantizer
   * whose values lie at the centroids.
   */
  void evaluate(EcqPlan plan) {
    if (plan.stochastic && plan.shift == 0) {
      evaluateAtRandom(plan.step);
      return;
    }
    double step = plan.step;
    double unit = 1 << plan.shift;
    double fromNumber = 0;
    double fromSum = 0;
    double fromSquares = 0;
    double bits = 0;
    distortion = 0;
    java.util.Arrays.fill(centroids, 0);
    double restNumber = 0;
    double restOff = 0;
    double signBits = signBits();
    for (int m = 0; m <= MAX_MAGNITUDE; m++) {
      double scaled = m == 0 && plan.shift == 0 ? plan.threshold : (m + 0.5) * unit - plan.bias;
      float edge = (float) Math.min(scaled * step, Float.MAX_VALUE);
      int offset = Float.floatToRawIntBits(edge) - base;
      boolean last = m == MAX_MAGNITUDE || offset >> BIN_SHIFT > BINS;
      int bin = last ? BINS + 1 : Math.max(0, offset >> BIN_SHIFT);
      double part = last || offset < 0 ? 0 : (offset & (1 << BIN_SHIFT) - 1) * 0x1p-18;
      double toNumber = numbers[bin];
      double toSum = sums[bin];
      double toSquares = squares[bin];
      if (part > 0) {
        toNumber += part * (numbers[bin + 1] - toNumber);
        toSum += part * (sums[bin + 1] - toSum);
        toSquares += part * (squares[bin + 1] - toSquares);
      }
      double n = toNumber - fromNumber;
      double s = (toSum - fromSum) / step;
      double q = (toSquares - fromSquares) / (step * step);
      if (m < shares.length) {
        shares[m] = n / number;
      }
      if (n > NANO) {
        bits += n * (EcqLog2.of(number / n) + (m == 0 && plan.shift == 0 ? 0 : signBits));
        if (plan.shift > 0 || m == MAX_MAGNITUDE) {
          // Within a step, or exceptions, whose values are near enough to uniform.
          distortion += n / 12;
        } else if (m == 0) {
          distortion += q;
        } else if (m < EcqPlan.POINTS) {
          centroids[m - 1] = s / n - m;
          distortion += Math.max(0, q - s * s / n);
        } else {
          restNumber += n;
          restOff += s - m * n;
          distortion += Math.max(0, q - 2 * m * s + (double) m * m * n);
        }
      }
      fromNumber = toNumber;
      fromSum = toSum;
      fromSquares = toSquares;
      if (last) {
        break;
      }
    }
    if (restNumber > NANO) {
      centroids[EcqPlan.POINTS - 1] = restOff / restNumber;
      distortion -= restOff * restOff / restNumber;
    }
    rate = bits / number + plan.shift;
    distortion *= step * step;
  }

  /** A value between two codes takes either, the more probably the nearer it lies. */
  private void evaluateAtRandom(double step) {
    java.util.Arrays.fill(expected, 0);
    distortion = 0;
    for (int bin = 0; bin <= BINS; bin++) {
      int found = counts[bin];
      if (found > 0) {
        double scaled = (sums[bin + 1] - sums[bin]) / found / step;
        int below = (int) Math.min(scaled, MAX_MAGNITUDE);
        double part = Math.min(scaled - below, 1);
        expected[below] += found * (1 - part);
        expected[below + 1] += found * part;
        distortion += found * part * (1 - part);
      }
    }
    double signBits = signBits();
    double bits = 0;
    for (int m = 0; m <= MAX_MAGNITUDE + 1; m++) {
      if (expected[m] > NANO) {
        bits += expected[m] * (EcqLog2.of(number / expected[m]) + (m == 0 ? 0 : signBits));
      }
    }
    rate = bits / number;
    distortion *= step * step;
  }

  /** What a sign costs, if signs are independent of magnitudes. */
  private double signBits() {
    double p = (positive - (number - nonzero)) / Math.max(1, nonzero);
    return p <= 0 || p >= 1 ? 0 : p * EcqLog2.of(1 / p) + (1 - p) * EcqLog2.of(1 / (1 - p));
  }
}
