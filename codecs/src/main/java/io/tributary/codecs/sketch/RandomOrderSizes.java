package io.tributary.codecs.sketch;

import io.tributary.error.Errors;
import io.tributary.sketch.SketchOptions;

/**
 * The sizes of a {@link RandomOrderTopEigenvector}, and the bytes that they take.
 *
 * @param width values in a row
 * @param powers vectors that are multiplied with the matrix
 * @param heavyDirections directions of heavy rows that go with them, at most
 * @param heavyRows heavy rows that are held, at most
 * @param heavyBits bits of each of their values
 */
record RandomOrderSizes(int width, int powers, int heavyDirections, int heavyRows, int heavyBits) {
  private static final int POWERS = 4;
  private static final int HEAVY_DIRECTIONS = 8;
  private static final int LEAST_HEAVY_ROWS = 8;
  private static final int MOST_HEAVY_ROWS = 256;

  /** The sizes that fit into the options' budget: as many heavy rows as it allows. */
  static RandomOrderSizes of(SketchOptions options) {
    int width = options.width();
    int powers = Math.min(width, Math.max(POWERS, options.directions() + 1));
    int directions = Math.min(width - powers, HEAVY_DIRECTIONS);
    int rows = MOST_HEAVY_ROWS;
    while (rows >= LEAST_HEAVY_ROWS) {
      var sizes = new RandomOrderSizes(width, powers, directions, rows, options.heavyBits());
      if (sizes.bytes() <= options.mostBytes()) {
        return sizes;
      }
      rows--;
    }
    throw Errors.invalidSetting(
        "budget of random-order",
        options.mostBytes(),
        "at least "
            + new RandomOrderSizes(width, powers, directions, LEAST_HEAVY_ROWS, options.heavyBits())
                .bytes()
            + " bytes for rows of "
            + width);
  }

  /** The most vectors that rows are multiplied with at once. */
  int columns() {
    return powers + heavyDirections;
  }

  /**
   * The bytes: of {@code Z} and {@code Y}, of the heavy rows, of one row in both precisions, and of
   * matrices that no width makes larger.
   */
  long bytes() {
    long vectors = 2L * Double.BYTES * columns() * width;
    long row = (long) (Float.BYTES + Double.BYTES) * width;
    long products = (long) Double.BYTES * SketchKernel.TILE * columns();
    return StreamSketch.BASE_BYTES
        + vectors
        + HeavyRows.bytes(width, heavyRows, heavyBits, columns())
        + row
        + products
        + 2L * Double.BYTES * columns()
        + RitzStep.bytes(this);
  }
}
