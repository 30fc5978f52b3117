package io.tributary.weights.round;

import io.tributary.weights.pack.GridMatrix;

/** Rounding to nearest: each weight by itself. */
public final class NearestRounding {
  private NearestRounding() {}

  /** Fits all groups of the rows from {@code from} up to {@code to} and rounds their weights. */
  public static void round(float[] weights, GridFit fit, GridMatrix grid, int from, int to) {
    int width = grid.width();
    int groupWidth = grid.layout().groupWidth(width);
    for (int row = from; row < to; row++) {
      for (int first = 0; first < width; first += groupWidth) {
        int count = Math.min(groupWidth, width - first);
        int group = grid.group(row, first);
        fit.fit(weights, row * width + first, count, grid, group);
        codes(weights, row * width + first, count, grid, group);
      }
    }
  }

  /** Rounds a group's weights to its grid; {@code at} is the first one's place, also of codes. */
  static void codes(float[] weights, int at, int count, GridMatrix grid, int group) {
    float scale = grid.scales()[group];
    float zero = grid.zeros()[group];
    float factor = scale == 0 ? 0 : 1 / scale;
    int top = (1 << grid.layout().bits()) - 1;
    byte[] codes = grid.codes();
    for (int j = at; j < at + count; j++) {
      float code = (float) Math.rint(weights[j] * factor + zero);
      codes[j] = (byte) (int) Math.max(0, Math.min(top, code));
    }
  }
}
