package io.tributary.weights.calibrate;

/** The definition, in plain Java. */
final class HessianScalarKernel implements HessianKernel {
  @Override
  public void add(InputPanels inputs, int rows, int columns, double[] sums, int stride) {
    int panel = InputPanels.PANEL;
    double[] values = inputs.values();
    for (int i = 0; i < panel; i++) {
      for (int j = 0; j < panel; j++) {
        int at = (rows * panel + i) * stride + columns * panel + j;
        double sum = sums[at];
        for (int t = 0; t < inputs.count(); t++) {
          sum = Math.fma(values[inputs.at(rows, t) + i], values[inputs.at(columns, t) + j], sum);
        }
        sums[at] = sum;
      }
    }
  }
}
