package io.tributary.weights.round;

import io.tributary.weights.pack.GridMatrix;

/** Rounds in a {@link ColumnLoop} to grids that are fitted when their groups begin. */
public final class GridRounder implements ColumnLoop.Rounder {
  private final GridFit fit;
  private final GridMatrix grid;

  /** A rounder that fills a matrix. */
  public GridRounder(GridFit fit, GridMatrix grid) {
    this.fit = fit;
    this.grid = grid;
  }

  @Override
  public void begin(int row, int column, double[] weights, int at, int count) {
    var group = new float[count];
    for (int j = 0; j < count; j++) {
      group[j] = (float) weights[at + j];
    }
    fit.fit(group, 0, count, grid, grid.group(row, column));
  }

  @Override
  public double round(int row, int column, double weight) {
    return grid.round(row, column, weight);
  }
}
