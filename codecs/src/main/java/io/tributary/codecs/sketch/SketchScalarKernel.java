package io.tributary.codecs.sketch;

import java.util.Arrays;

/** The definition of the sketches' arithmetic: every other kernel is tested against this class. */
final class SketchScalarKernel implements SketchKernel {
  @Override
  public void energies(float[] rows, int from, int count, int width, double[] target) {
    var lanes = new double[LANES];
    for (int r = 0; r < count; r++) {
      int at = from + r * width;
      Arrays.fill(lanes, 0);
      for (int j = 0; j < width; j++) {
        lanes[j % LANES] = Math.fma((double) rows[at + j], rows[at + j], lanes[j % LANES]);
      }
      target[r] = SketchKernel.sum(lanes);
    }
  }

  @Override
  public void products(
      float[] rows,
      int from,
      int count,
      int width,
      double[] vectors,
      int columns,
      double[] target) {
    var lanes = new double[LANES];
    for (int r = 0; r < count; r++) {
      int at = from + r * width;
      for (int c = 0; c < columns; c++) {
        Arrays.fill(lanes, 0);
        for (int j = 0; j < width; j++) {
          lanes[j % LANES] = Math.fma(rows[at + j], vectors[c * width + j], lanes[j % LANES]);
        }
        target[r * columns + c] = SketchKernel.sum(lanes);
      }
    }
  }

  @Override
  public void gram(float[] rows, int from, int count, int width, double[] target) {
    var lanes = new double[LANES];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k <= i; k++) {
        Arrays.fill(lanes, 0);
        for (int j = 0; j < width; j++) {
          double value = rows[from + k * width + j];
          lanes[j % LANES] = Math.fma(rows[from + i * width + j], value, lanes[j % LANES]);
        }
        double product = SketchKernel.sum(lanes);
        target[i * count + k] = product;
        target[k * count + i] = product;
      }
    }
  }

  @Override
  public void accumulate(
      float[] rows,
      int from,
      int count,
      int width,
      double[] factors,
      int columns,
      double[] vectors) {
    for (int r = 0; r < count; r++) {
      int at = from + r * width;
      for (int c = 0; c < columns; c++) {
        double factor = factors[r * columns + c];
        for (int j = 0; j < width; j++) {
          vectors[c * width + j] = Math.fma(rows[at + j], factor, vectors[c * width + j]);
        }
      }
    }
  }
}
