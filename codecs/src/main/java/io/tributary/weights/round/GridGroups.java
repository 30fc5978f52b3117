package io.tributary.weights.round;

import io.tributary.weights.pack.GridMatrix;

/** Groups of a grid that follow each other in memory and are equally long. */
@FunctionalInterface
interface GridGroups {
  /**
   * Works on groups.
   *
   * @param at where the first one's weights begin, and its codes
   * @param count weights of each
   * @param groups how many there are
   * @param group the first one's number
   */
  void run(int at, int count, int groups, int group);

  /** Hands out all groups of the rows from {@code from} up to {@code to}, as many at once as go. */
  static void forEach(GridMatrix grid, int from, int to, GridGroups groups) {
    int width = grid.width();
    int count = Math.min(width, grid.layout().groupWidth(width));
    int whole = width / count;
    int rest = width % count;
    if (rest == 0) {
      groups.run(from * width, count, (to - from) * whole, from * whole);
      return;
    }
    for (int row = from; row < to; row++) {
      int group = row * (whole + 1);
      groups.run(row * width, count, whole, group);
      groups.run(row * width + whole * count, rest, 1, group + whole);
    }
  }
}
