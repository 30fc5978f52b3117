package io.tributary.codecs.sketch;

/**
 * The arithmetic over rows that all sketches share. Rows are float32, one behind the other;
 * products and sums are float64, so that no row of finite values overflows.
 *
 * <p>The order of every sum is part of the definition, and all back ends give the same bits. A
 * product of two vectors is summed in {@value #LANES} lanes, element {@code j} into lane {@code j %
 * 8} by one fused multiply-add, in ascending order; {@link #sum} then adds the lanes. What is added
 * up over rows is added in the order of the rows, by one fused multiply-add each.
 *
 * <p>Stateless, safe for any thread.
 */
interface SketchKernel {
  /** The lanes of a sum: as many as the widest vectors have. */
  int LANES = 8;

  /** Rows that a processor works on together. */
  int TILE = 16;

  /** The squared length of each row. */
  void energies(float[] rows, int from, int count, int width, double[] target);

  /**
   * The product of each row with each of several vectors: {@code target = A V}.
   *
   * @param rows row {@code r} begins at {@code from + r * width}
   * @param vectors vector {@code c} begins at {@code c * width}
   * @param target the product of row {@code r} and vector {@code c} at {@code r * columns + c}
   */
  void products(
      float[] rows, int from, int count, int width, double[] vectors, int columns, double[] target);

  /**
   * The product of each row with each: {@code target = A Aᵀ}, in both halves.
   *
   * @param target the product of rows {@code i} and {@code k} at {@code i * count + k}
   */
  void gram(float[] rows, int from, int count, int width, double[] target);

  /**
   * Adds multiples of each row to several vectors: {@code vectors += A' F}.
   *
   * @param factors how often row {@code r} is added to vector {@code c}, at {@code r * columns + c}
   * @param vectors vector {@code c} begins at {@code c * width}
   */
  void accumulate(
      float[] rows,
      int from,
      int count,
      int width,
      double[] factors,
      int columns,
      double[] vectors);

  /**
   * An update: the products of some rows with {@code vectors}, and so many times each row added to
   * {@code sums}, {@code Y += Aᵀ(AZ)}.
   *
   * @param count at most {@link #tileRows}
   */
  default void project(
      float[] rows,
      int from,
      int count,
      int width,
      double[] vectors,
      int columns,
      double[] products,
      double[] sums) {
    products(rows, from, count, width, vectors, columns, products);
    accumulate(rows, from, count, width, products, columns, sums);
  }

  /**
   * The rows that should be worked on together: of 4096 values, 16 stay in a processor's
   * second-level cache. A matter of speed alone.
   */
  default int tileRows(int width) {
    return TILE;
  }

  /** Adds the lanes: the upper half to the lower half, until one is left. */
  static double sum(double[] lanes) {
    double a = (lanes[0] + lanes[4]) + (lanes[2] + lanes[6]);
    double b = (lanes[1] + lanes[5]) + (lanes[3] + lanes[7]);
    return a + b;
  }
}
