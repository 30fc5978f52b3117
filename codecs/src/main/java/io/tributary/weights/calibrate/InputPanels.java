package io.tributary.weights.calibrate;

/**
 * Inputs as the kernels want them: panels of {@link #PANEL} channels, in which the channels of one
 * input follow each other; the last panel is filled up with zeros.
 *
 * @param values the panels
 * @param count the inputs
 */
@SuppressWarnings("ArrayRecordComponent") // shared with kernels, never compared
record InputPanels(double[] values, int count) {
  /** The channels of a panel: a multiple of twice the float64 lanes of any vector. */
  static final int PANEL = 16;

  /** Takes {@code count} inputs of {@code width} channels. */
  static InputPanels of(float[] inputs, int count, int width) {
    int panels = (width + PANEL - 1) / PANEL;
    var values = new double[Math.multiplyExact(panels * PANEL, count)];
    var all = new InputPanels(values, count);
    for (int first = 0; first < width; first += PANEL) {
      for (int t = 0; t < count; t++) {
        int to = all.at(first / PANEL, t);
        for (int i = 0; i < Math.min(PANEL, width - first); i++) {
          values[to + i] = inputs[t * width + first + i];
        }
      }
    }
    return all;
  }

  /** Where the channels of a panel of an input begin. */
  int at(int panel, int input) {
    return (panel * count + input) * PANEL;
  }
}
