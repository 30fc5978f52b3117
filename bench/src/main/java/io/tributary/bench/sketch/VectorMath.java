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
    double one = 0;
    double two = 0;
    double three = 0;
    double four = 0;
    int i = 0;
    for (; i + 3 < b.length; i += 4) {
      one = Math.fma(values[at + i], b[i], one);
      two = Math.fma(values[at + i + 1], b[i + 1], two);
      three = Math.fma(values[at + i + 2], b[i + 2], three);
      four = Math.fma(values[at + i + 3], b[i + 3], four);
    }
    for (; i < b.length; i++) {
      one = Math.fma(values[at + i], b[i], one);
    }
    return (one + two) + (three + four);
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

  /** Adds a multiple of a row of a matrix to a vector. */
  static void add(float[] values, int at, double factor, double[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] += factor * values[at + i];
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
