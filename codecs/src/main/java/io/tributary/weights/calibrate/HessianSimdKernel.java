package io.tributary.weights.calibrate;

import io.tributary.codecs.internal.SimdLanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The same by the Vector API: four channels of rows meet two vectors of columns at a time. */
final class HessianSimdKernel implements HessianKernel {
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, SimdLanes.FLOATS.vectorShape());
  private static final int LANES = DOUBLES.length();
  private static final int PANEL = InputPanels.PANEL;
  private static final int ROWS = 4;

  @Override
  public void add(InputPanels inputs, int rows, int columns, double[] sums, int stride) {
    for (int i = 0; i < PANEL; i += ROWS) {
      for (int j = 0; j < PANEL; j += 2 * LANES) {
        int to = (rows * PANEL + i) * stride + columns * PANEL + j;
        addFourRows(inputs, inputs.at(rows, 0) + i, inputs.at(columns, 0) + j, sums, to, stride);
      }
    }
  }

  private static void addFourRows(
      InputPanels inputs, int row, int column, double[] sums, int to, int stride) {
    double[] values = inputs.values();
    int end = inputs.count() * PANEL;
    DoubleVector a0 = DoubleVector.fromArray(DOUBLES, sums, to);
    DoubleVector a1 = DoubleVector.fromArray(DOUBLES, sums, to + LANES);
    DoubleVector b0 = DoubleVector.fromArray(DOUBLES, sums, to + stride);
    DoubleVector b1 = DoubleVector.fromArray(DOUBLES, sums, to + stride + LANES);
    DoubleVector c0 = DoubleVector.fromArray(DOUBLES, sums, to + 2 * stride);
    DoubleVector c1 = DoubleVector.fromArray(DOUBLES, sums, to + 2 * stride + LANES);
    DoubleVector d0 = DoubleVector.fromArray(DOUBLES, sums, to + 3 * stride);
    DoubleVector d1 = DoubleVector.fromArray(DOUBLES, sums, to + 3 * stride + LANES);
    for (int t = 0; t < end; t += PANEL) {
      DoubleVector x0 = DoubleVector.fromArray(DOUBLES, values, column + t);
      DoubleVector x1 = DoubleVector.fromArray(DOUBLES, values, column + t + LANES);
      DoubleVector a = DoubleVector.broadcast(DOUBLES, values[row + t]);
      DoubleVector b = DoubleVector.broadcast(DOUBLES, values[row + t + 1]);
      DoubleVector c = DoubleVector.broadcast(DOUBLES, values[row + t + 2]);
      DoubleVector d = DoubleVector.broadcast(DOUBLES, values[row + t + 3]);
      a0 = a.fma(x0, a0);
      a1 = a.fma(x1, a1);
      b0 = b.fma(x0, b0);
      b1 = b.fma(x1, b1);
      c0 = c.fma(x0, c0);
      c1 = c.fma(x1, c1);
      d0 = d.fma(x0, d0);
      d1 = d.fma(x1, d1);
    }
    a0.intoArray(sums, to);
    a1.intoArray(sums, to + LANES);
    b0.intoArray(sums, to + stride);
    b1.intoArray(sums, to + stride + LANES);
    c0.intoArray(sums, to + 2 * stride);
    c1.intoArray(sums, to + 2 * stride + LANES);
    d0.intoArray(sums, to + 3 * stride);
    d1.intoArray(sums, to + 3 * stride + LANES);
  }
}
