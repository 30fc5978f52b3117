package io.tributary.coordinator.guard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Leaves out what lies far from the others along the direction in which they differ most: the top
 * singular direction of the centred matrix whose rows are the contributions (divide and conquer,
 * Shejwalkar and Houmansadr (2021), "Manipulating the Byzantine: optimizing model poisoning attacks
 * and defenses for federated learning").
 *
 * <pre>
 *   s² = half the median squared distance of two contributions: what is each one's own
 *   repeat: centre those that are left; l = the top eigenvalue of their products, u its vector
 *     while l > SIGNIFICANT s²
 *       p = √l u, the projections;  m their median;  w the median of |p - m|
 *       candidates: |p - m| > FAR w, and more than half of the largest |p - m|
 *       leave out the candidates with |p - m| > APART s, and those that point away from what is no
 *       candidate, unless that leaves no more than half of all
 * </pre>
 *
 * <p>The publication leaves out a fixed number each time, honest ones too where nobody attacks.
 * Here nothing is left out while no direction stands out: where contributions differ in nothing but
 * what is each one's own, all eigenvalues are near s², since thousands of dimensions have room for
 * each. What shares a direction, as colluding agents do, or is longer than the others, adds up. Two
 * honest agents whose texts are alike add up as well; but they aren't far in units of s, and they
 * point where the others do.
 */
record SpectralFilter() implements ContributionFilter {
  /** By how much an eigenvalue exceeds what honest contributions show. */
  static final double SIGNIFICANT = 3;

  /** How many median distances from the median is far. */
  static final double FAR = 3;

  /** How many times what is each one's own is far for a contribution that is not opposed. */
  static final double APART = 2.5;

  /** Squarings after which eigenvalues that differ by a millionth are apart. */
  private static final int SQUARINGS = 24;

  @Override
  public List<Guard.Exclusion> exclude(Products products) {
    double own = products.own();
    var left = new ArrayList<Integer>();
    for (int i = 0; i < products.size(); i++) {
      left.add(i);
    }
    var exclusions = new ArrayList<Guard.Exclusion>();
    while (left.size() > 2) {
      List<Guard.Exclusion> far = farAlongTop(products, left, own);
      if (far.isEmpty() || left.size() - far.size() <= products.size() / 2) {
        break;
      }
      exclusions.addAll(far);
      far.forEach(e -> left.remove((Integer) e.index()));
    }
    exclusions.sort(Comparator.comparingInt(Guard.Exclusion::index));
    return exclusions;
  }

  private static List<Guard.Exclusion> farAlongTop(
      Products products, List<Integer> left, double own) {
    int size = left.size();
    double[] centred = centred(products, left);
    double[] top = top(centred, size);
    double value = quotient(centred, top, size);
    if (!(value > SIGNIFICANT * own)) {
      return List.of();
    }
    double median = Products.median(top);
    var off = new double[size];
    Arrays.setAll(off, i -> Math.abs(top[i] - median));
    // Of a few values the median is now and then tiny by chance: the largest has a say as well.
    double bound = Math.max(FAR * Products.median(off), Arrays.stream(off).max().orElseThrow() / 2);
    var far = new ArrayList<Guard.Exclusion>();
    for (int i = 0; i < size; i++) {
      boolean apart = Math.sqrt(value) * off[i] > APART * Math.sqrt(own);
      if (off[i] > bound && (apart || isOpposed(products, left, i, off, bound))) {
        far.add(
            new Guard.Exclusion(
                left.get(i),
                String.format(
                    Locale.ROOT,
                    "along the direction in which contributions differ most it lies %.3g from the"
                        + " median: expected at most %.3g",
                    Math.sqrt(value) * off[i],
                    Math.sqrt(value) * bound)));
      }
    }
    return far;
  }

  /** Whether a contribution points away from the sum of those that are not far. */
  private static boolean isOpposed(
      Products products, List<Integer> left, int contribution, double[] off, double bound) {
    double product = 0;
    for (int i = 0; i < off.length; i++) {
      if (off[i] <= bound) {
        product += products.of(left.get(contribution), left.get(i));
      }
    }
    return product < 0;
  }

  /** The products of contributions from which their mean is taken away. */
  private static double[] centred(Products products, List<Integer> left) {
    int size = left.size();
    var means = new double[size];
    double mean = 0;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        means[i] += products.of(left.get(i), left.get(j)) / size;
      }
      mean += means[i] / size;
    }
    var centred = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        centred[i * size + j] = products.of(left.get(i), left.get(j)) - means[i] - means[j] + mean;
      }
    }
    return centred;
  }

  /**
   * The top eigenvector, of length 1: a column of a high power, got by squaring. Where several
   * eigenvalues are the largest, a vector of their space.
   */
  private static double[] top(double[] symmetric, int size) {
    double[] power = symmetric.clone();
    for (int squaring = 0; squaring < SQUARINGS; squaring++) {
      double trace = 0;
      for (int i = 0; i < size; i++) {
        trace += power[i * size + i];
      }
      if (!(trace > 0)) {
        return new double[size];
      }
      var square = new double[size * size];
      for (int i = 0; i < size; i++) {
        for (int k = 0; k < size; k++) {
          double factor = power[i * size + k] / trace;
          for (int j = 0; j < size; j++) {
            square[i * size + j] += factor * (power[k * size + j] / trace);
          }
        }
      }
      power = square;
    }
    int largest = 0;
    for (int i = 1; i < size; i++) {
      if (power[i * size + i] > power[largest * size + largest]) {
        largest = i;
      }
    }
    double[] vector = Arrays.copyOfRange(power, largest * size, (largest + 1) * size);
    double length = Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
    for (int i = 0; i < size; i++) {
      vector[i] = length > 0 ? vector[i] / length : 0;
    }
    return vector;
  }

  /** Rayleigh's quotient of a vector of length 1. */
  private static double quotient(double[] symmetric, double[] vector, int size) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        sum += vector[i] * symmetric[i * size + j] * vector[j];
      }
    }
    return sum;
  }
}
