package io.tributary.bench.sketch;

/** The little arithmetic that instances and exact answers need. */
final class VectorMath {
  private VectorMath() {}

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The product of a row of a matrix with a vector. */
  static double dot(float[] values, int at, double[] b) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 1 < b.length; i += 2) {
      even = Math.fma(values[at + i], b[i], even);
      odd = Math.fma(values[at + i + 1], b[i + 1], odd);
    }
    for (; i < b.length; i++) {
      even = Math.fma(values[at + i], b[i], even);
    }
    return even + odd;
  }

  static void add(double[] a, double factor, double[] target) {
    for (int i = 0; i < a.length; i++) {
      target[i] += factor * a[i];
    }
  }

  /** Adds a multiple of a vector to a row of a matrix. */
  static void add(double[] a, double factor, float[] values, int at) {
    for (int i = 0; i < a.length; i++) {
      values[at + i] += (float) (factor * a[i]);
    }
  }

  /** Makes the length 1 and returns what it was. */
  static double normalize(double[] vector) {
    double length = Math.sqrt(dot(vector, vector));
    for (int i = 0; i < vector.length && length > 0; i++) {
      vector[i] /= length;
    }
    return length;
  }
}
