package io.tributary.codecs.sketch;

/** Long vectors that lie one behind the other, made orthonormal by Gram and Schmidt's method. */
final class Basis {
  /** What is left of a vector after the others' part went; below it, it depends on them. */
  private static final double DEPENDENT = 1e-7;

  private Basis() {}

  /** The product of two vectors, in four lanes. */
  static double dot(double[] x, int from, double[] y, int at, int width) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = 0;
    for (; j + 3 < width; j += 4) {
      a = Math.fma(x[from + j], y[at + j], a);
      b = Math.fma(x[from + j + 1], y[at + j + 1], b);
      c = Math.fma(x[from + j + 2], y[at + j + 2], c);
      d = Math.fma(x[from + j + 3], y[at + j + 3], d);
    }
    for (; j < width; j++) {
      a = Math.fma(x[from + j], y[at + j], a);
    }
    return (a + b) + (c + d);
  }

  /**
   * Makes vector {@code index} orthogonal to those before it, and its length 1.
   *
   * @return false, and no promise of what is left there, if it depends on those before it
   */
  static boolean orthonormalize(double[] vectors, int index, int width) {
    int at = index * width;
    if (!normalize(vectors, at, width)) {
      return false;
    }
    // Twice is enough (Kahan and Parlett), unless the vector depends on the others.
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < index; i++) {
        add(vectors, i * width, -dot(vectors, i * width, vectors, at, width), vectors, at, width);
      }
      if (pass == 0 && dot(vectors, at, vectors, at, width) < DEPENDENT * DEPENDENT) {
        return false;
      }
      normalize(vectors, at, width);
    }
    return true;
  }

  /** Adds a multiple of one vector to another. */
  static void add(double[] x, int from, double factor, double[] y, int at, int width) {
    for (int j = 0; j < width; j++) {
      y[at + j] = Math.fma(x[from + j], factor, y[at + j]);
    }
  }

  /** Makes a vector's length 1; false if it is zero. */
  static boolean normalize(double[] vectors, int at, int width) {
    double largest = 0;
    for (int j = 0; j < width; j++) {
      largest = Math.max(largest, Math.abs(vectors[at + j]));
    }
    if (!(largest > 0 && largest < Double.POSITIVE_INFINITY)) {
      return false;
    }
    // A power of two first: the square of the length might not be a number that a double can hold.
    double unit = Math.scalb(1.0, -Math.getExponent(largest));
    scale(vectors, at, unit, width);
    scale(vectors, at, 1 / Math.sqrt(dot(vectors, at, vectors, at, width)), width);
    return true;
  }

  private static void scale(double[] vectors, int at, double factor, int width) {
    for (int j = 0; j < width; j++) {
      vectors[at + j] *= factor;
    }
  }

  /** Fills a vector with numbers between -1 and 1 that depend on seed and stream alone. */
  static void randomize(double[] vectors, int at, int width, long seed, long stream) {
    for (int j = 0; j < width; j++) {
      vectors[at + j] = 2 * RandomNumbers.uniform(seed, stream, j) - 1;
    }
  }
}
