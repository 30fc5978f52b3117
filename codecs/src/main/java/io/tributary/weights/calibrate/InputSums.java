package io.tributary.weights.calibrate;

/**
 * Sums over the inputs of some matrices, of products of all pairs of channels and of magnitudes.
 * Threads may add to different panels of rows at the same time.
 */
final class InputSums {
  private final int width;
  private final int panels;
  private final int stride;
  private final double[] products;
  private final double[] magnitudes;

  /** For inputs of {@code width} channels. */
  InputSums(int width) {
    this.width = width;
    panels = (width + InputPanels.PANEL - 1) / InputPanels.PANEL;
    stride = panels * InputPanels.PANEL;
    products = new double[Math.multiplyExact(stride, stride)];
    magnitudes = new double[stride];
  }

  int width() {
    return width;
  }

  int panels() {
    return panels;
  }

  /** Adds inputs to the rows of a panel, from the diagonal on. */
  void add(HessianKernel kernel, InputPanels inputs, int panel) {
    for (int other = panel; other < panels; other++) {
      kernel.add(inputs, panel, other, products, stride);
    }
    int first = panel * InputPanels.PANEL;
    for (int t = 0; t < inputs.count(); t++) {
      for (int i = 0; i < InputPanels.PANEL; i++) {
        magnitudes[first + i] += Math.abs(inputs.values()[inputs.at(panel, t) + i]);
      }
    }
  }

  double[] hessian(long count) {
    var whole = new double[width * width];
    for (int i = 0; i < width; i++) {
      for (int j = i; j < width; j++) {
        double mean = products[i * stride + j] / count;
        whole[i * width + j] = mean;
        whole[j * width + i] = mean;
      }
    }
    return whole;
  }

  double[] norms(long count) {
    var means = new double[width];
    for (int i = 0; i < width; i++) {
      means[i] = magnitudes[i] / count;
    }
    return means;
  }
}
