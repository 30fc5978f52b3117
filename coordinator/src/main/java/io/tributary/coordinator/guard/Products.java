package io.tributary.coordinator.guard;

import io.tributary.run.Fragment;
import java.util.Arrays;

/**
 * The products of any two contributions: lengths, distances and directions follow from them, so
 * that one pass over the chunks is enough for every filter.
 */
final class Products {
  /** Contributions nearer to each other than this share of their length are equal but for noise. */
  private static final double ROUNDING = 0x1p-32;

  private final int size;
  private final double[] products;

  private Products(int size) {
    this.size = size;
    products = new double[size * size];
  }

  /** The products of rows, for instance of decoded contributions; float64 sums in row order. */
  static Products of(int size, Fragment fragment, AlignedChunks chunks) {
    var result = new Products(size);
    fragment.slices().forEach(slice -> chunks.forEach(slice, result::add));
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        result.products[j * size + i] = result.products[i * size + j];
      }
    }
    return result;
  }

  private void add(int at, int count, float[][] values, int[] from) {
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        products[i * size + j] += dot(values[i], from[i], values[j], from[j], count);
      }
    }
  }

  private static double dot(float[] x, int from, float[] y, int at, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      a += (double) x[from + i] * y[at + i];
      b += (double) x[from + i + 1] * y[at + i + 1];
      c += (double) x[from + i + 2] * y[at + i + 2];
      d += (double) x[from + i + 3] * y[at + i + 3];
    }
    for (; i < count; i++) {
      a += (double) x[from + i] * y[at + i];
    }
    return (a + b) + (c + d);
  }

  /** The number of contributions. */
  int size() {
    return size;
  }

  /** The product of two. */
  double of(int i, int j) {
    return products[i * size + j];
  }

  /** The length of one. */
  double length(int i) {
    return Math.sqrt(of(i, i));
  }

  /** The squared distance of two. */
  double distance(int i, int j) {
    return Math.max(0, of(i, i) + of(j, j) - 2 * of(i, j));
  }

  /** The median of the lengths. */
  double medianLength() {
    var lengths = new double[size];
    Arrays.setAll(lengths, this::length);
    return median(lengths);
  }

  /**
   * The squared length of what is a contribution's own: half the squared distance of two. The
   * median over contributions of each one's median, so that fewer than half of them can't move it
   * at will.
   */
  double own() {
    var medians = new double[size];
    for (int i = 0; i < size; i++) {
      var distances = new double[size - 1];
      for (int j = 0, next = 0; j < size; j++) {
        if (j != i) {
          distances[next++] = distance(i, j);
        }
      }
      medians[i] = median(distances);
    }
    double length = medianLength();
    return Math.max(median(medians) / 2, ROUNDING * length * length);
  }

  /** The median; of an even number of values the mean of the two in the middle. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
