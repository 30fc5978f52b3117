package io.tributary.weights.model;

import io.tributary.tensor.RowMatrix;

/**
 * A matrix as the kernels want it: panels of {@link #PANEL} rows, in which the values of a column
 * follow each other; the last panel is filled up with zeros.
 *
 * @param values the panels
 * @param rows of the matrix: the outputs
 * @param width of the matrix: the inputs
 */
@SuppressWarnings("ArrayRecordComponent") // shared with kernels, never compared
record PanelMatrix(float[] values, int rows, int width) {
  /** The rows of a panel: a multiple of twice the lanes of any vector. */
  static final int PANEL = 32;

  /** An empty matrix of these extents. */
  static PanelMatrix ofZeros(int rows, int width) {
    int panels = (rows + PANEL - 1) / PANEL;
    int size = Math.multiplyExact(Math.multiplyExact(panels, PANEL), width);
    return new PanelMatrix(new float[size], rows, width);
  }

  /** A copy of a matrix. */
  static PanelMatrix of(RowMatrix source) {
    PanelMatrix target = ofZeros(Math.toIntExact(source.rows()), source.width());
    // A panel at a time, because some formats read several rows as fast as one.
    var panel = new float[PANEL * source.width()];
    for (int first = 0; first < target.rows; first += PANEL) {
      int count = Math.min(PANEL, target.rows - first);
      source.read(first, count, panel, 0);
      for (int r = 0; r < count; r++) {
        target.setRow(first + r, panel, r * source.width());
      }
    }
    return target;
  }

  /** Sets a row from {@code source}, where it lies as a whole. */
  void setRow(int row, float[] source, int at) {
    int to = row / PANEL * PANEL * width + row % PANEL;
    for (int i = 0; i < width; i++) {
      values[to + i * PANEL] = source[at + i];
    }
  }

  /** Sets a column from {@code source}, where it lies as a whole. */
  void setColumn(int column, float[] source, int at) {
    for (int first = 0; first < rows; first += PANEL) {
      int to = first * width + column * PANEL;
      System.arraycopy(source, at + first, values, to, Math.min(PANEL, rows - first));
    }
  }

  /** Reads a row as it was set. */
  void getRow(int row, float[] target, int at) {
    int from = row / PANEL * PANEL * width + row % PANEL;
    for (int i = 0; i < width; i++) {
      target[at + i] = values[from + i * PANEL];
    }
  }
}
