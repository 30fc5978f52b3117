package io.tributary.codecs.sketch;

import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.GpuProgram;

/**
 * Products of rows with vectors, and multiples of the rows added to other vectors, on an OpenCL
 * device: three passes over the same copy of the rows.
 *
 * <ol>
 *   <li>a work item for each row, vector and lane: the lane's sum;
 *   <li>a work item for each row and vector: the sum of its lanes, in the definition's order;
 *   <li>a work item for each element of each vector: the rows' multiples, one after the other.
 * </ol>
 */
final class SketchProjectProgram extends GpuProgram {
  private static final int LANES = SketchKernel.LANES;

  float[] rows = new float[0];
  double[] vectors = new double[0];
  double[] lanes = new double[0];
  double[] products = new double[0];
  double[] sums = new double[0];
  int pass;
  int count;
  int width;
  int columns;

  /**
   * Runs the passes for rows from an array; on the lane's thread.
   *
   * @param slice the values for which there is to be room
   */
  void project(
      float[] source,
      int from,
      int rowCount,
      int slice,
      int rowWidth,
      double[] z,
      int columnCount,
      double[] target,
      double[] y) {
    count = rowCount;
    width = rowWidth;
    columns = columnCount;
    reserve(slice);
    System.arraycopy(source, from, rows, 0, count * width);
    System.arraycopy(z, 0, vectors, 0, columns * width);
    System.arraycopy(y, 0, sums, 0, columns * width);
    put(rows);
    put(vectors);
    put(sums);
    runPass(0, count * columns * LANES);
    runPass(1, count * columns);
    runPass(2, columns * width);
    get(products);
    get(sums);
    System.arraycopy(products, 0, target, 0, count * columns);
    System.arraycopy(sums, 0, y, 0, columns * width);
  }

  /**
   * The mean time of an update with everything on the device: that of each pass by itself, added;
   * on the lane's thread.
   */
  double seconds(float[] source, int rowWidth, double[] z, int columnCount, int passes) {
    count = source.length / rowWidth;
    width = rowWidth;
    columns = columnCount;
    reserve(source.length);
    System.arraycopy(source, 0, rows, 0, source.length);
    System.arraycopy(z, 0, vectors, 0, columns * width);
    put(rows);
    put(vectors);
    put(sums);
    double sum = 0;
    int[] items = {count * columns * LANES, count * columns, columns * width};
    for (int number = 0; number < items.length; number++) {
      pass = number;
      sum += GpuDevice.seconds(this, (items[number] + ITEMS - 1) / ITEMS, passes);
    }
    return sum;
  }

  private void reserve(int slice) {
    int pairs = slice / width * columns;
    if (rows.length != slice || sums.length != columns * width || products.length != pairs) {
      rows = new float[slice];
      vectors = new double[columns * width];
      sums = new double[columns * width];
      lanes = new double[pairs * LANES];
      products = new double[pairs];
    }
  }

  private void runPass(int number, int items) {
    pass = number;
    GpuDevice.execute(this, (items + ITEMS - 1) / ITEMS);
  }

  /* Aparapi translates loops inside of branches only in part, so each pass is a method. */
  @Override
  public void run() {
    int item = getGlobalId();
    if (pass == 0 && item < count * columns * 8) {
      lanes[item] = laneSum(item);
    }
    if (pass == 1 && item < count * columns) {
      products[item] = sumOfLanes(item * 8);
    }
    if (pass == 2 && item < columns * width) {
      sums[item] = sumOverRows(item);
    }
  }

  private double laneSum(int item) {
    int pair = item >> 3;
    int row = pair / columns;
    int vector = (pair - row * columns) * width;
    double sum = 0.0;
    for (int j = item & 7; j < width; j += 8) {
      sum = fma((double) rows[row * width + j], vectors[vector + j], sum);
    }
    return sum;
  }

  private double sumOfLanes(int at) {
    double even = (lanes[at] + lanes[at + 4]) + (lanes[at + 2] + lanes[at + 6]);
    double odd = (lanes[at + 1] + lanes[at + 5]) + (lanes[at + 3] + lanes[at + 7]);
    return even + odd;
  }

  private double sumOverRows(int item) {
    int column = item / width;
    int j = item - column * width;
    double sum = sums[item];
    for (int r = 0; r < count; r++) {
      sum = fma((double) rows[r * width + j], products[r * columns + column], sum);
    }
    return sum;
  }
}
