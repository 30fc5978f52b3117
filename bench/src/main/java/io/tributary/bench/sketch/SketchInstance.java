package io.tributary.bench.sketch;

import java.util.Locale;

/** Kinds of made matrices. */
enum SketchInstance {
  /** Normal rows with more variance along one direction: no row matters alone. */
  LIGHT,
  /** Normal rows, and four equal ones that carry the top direction. */
  HEAVY,
  /** Rows orthogonal to the top direction, and one at the very end that carries it alone. */
  LATE,
  /** Normal rows with more variance along one direction, and eight heavy rows in other ones. */
  MIXED,
  /**
   * Rows in pairs along every axis, tilted a little to both sides towards the top direction: nearly
   * every row is heavy, and no fixed rate of Oja's rule serves.
   */
  FIXED_RATE,
  /** Two kinds of rows, the second after the first: an order that is not random. */
  SORTED;

  private static final int HEAVY_COPIES = 4;
  private static final int DECOYS = 8;

  /** The name in tables. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The number of rows for a width; {@link #FIXED_RATE} has its own. */
  int rows(int rows, int width) {
    return this == FIXED_RATE ? 2 * (width - 1) : rows;
  }

  /**
   * Makes the rows.
   *
   * @param ratio the nominal gap; what it is exactly, {@link ExactTop} finds out
   */
  float[] make(int width, int rows, double ratio, long seed) {
    var random = new GaussianRows(seed);
    double[][] directions = random.directions(DECOYS + 1, width);
    var values = new float[Math.multiplyExact(rows, width)];
    for (int i = 0; i < rows && this != FIXED_RATE; i++) {
      random.fill(values, i * width, width);
    }
    double[] top = directions[0];
    switch (this) {
      case LIGHT -> spike(values, width, top, ratio, random);
      case HEAVY -> {
        for (int copy = 0; copy < HEAVY_COPIES; copy++) {
          set(values, random.nextInt(rows) * width, top, Math.sqrt(ratio * rows / HEAVY_COPIES));
        }
      }
      case LATE -> {
        for (int at = 0; at < values.length; at += width) {
          VectorMath.add(top, -VectorMath.dot(values, at, top), values, at);
        }
        set(values, values.length - width, top, Math.sqrt(ratio * rows));
      }
      case MIXED -> {
        // A decoy's direction has its own energy, that of all rows together, and theirs.
        spike(values, width, top, 2 * ratio, random);
        for (int i = 1; i <= DECOYS; i++) {
          set(values, random.nextInt(rows) * width, directions[i], Math.sqrt(rows));
        }
      }
      case FIXED_RATE -> tiltedPairs(values, width, rows, ratio, random);
      case SORTED -> {
        int half = rows / 2 * width;
        for (int at = 0; at < values.length; at += width) {
          double[] direction = at < half ? top : directions[1];
          double variance = at < half ? 2 * ratio : ratio;
          VectorMath.add(direction, random.next() * Math.sqrt(variance - 1), values, at);
        }
      }
    }
    return values;
  }

  private static void spike(
      float[] values, int width, double[] direction, double ratio, GaussianRows random) {
    for (int at = 0; at < values.length; at += width) {
      VectorMath.add(direction, random.next() * Math.sqrt(ratio - 1), values, at);
    }
  }

  private static void set(float[] values, int at, double[] direction, double length) {
    for (int j = 0; j < direction.length; j++) {
      values[at + j] = (float) (direction[j] * length);
    }
  }

  private static void tiltedPairs(
      float[] values, int width, int rows, double ratio, GaussianRows random) {
    var order = new int[rows];
    for (int i = 0; i < rows; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    double sine = Math.sqrt(ratio / (width - 1));
    for (int i = 0; i < rows; i++) {
      int at = i * width;
      values[at + 1 + order[i] / 2] = (float) Math.sqrt(0.5 * (1 - sine * sine));
      values[at] = (float) (Math.sqrt(0.5) * (order[i] % 2 == 0 ? sine : -sine));
    }
  }
}
