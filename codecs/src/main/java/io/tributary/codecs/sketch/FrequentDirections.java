package io.tributary.codecs.sketch;

import io.tributary.error.Errors;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchResult;
import io.tributary.sketch.SketchResult.Verdict;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Frequent Directions: a buffer of rows whose covariance stays below that of all rows, for rows in
 * any order (Liberty 2013; Ghashami, Liberty, Phillips and Woodruff 2016).
 *
 * <p>When the buffer of {@code 2l} rows is full, it is rotated onto its right singular vectors, and
 * from each squared singular value the {@code l}-th is taken away, so that at least half of the
 * rows become zero. With Δ the sum of what was taken away, {@code 0 ≤ ‖Ax‖² − ‖Bx‖² ≤ Δ} for each
 * unit vector x, and Δ is at most {@code ‖A‖²/l}. An eigenvalue is reported in the middle of what
 * that leaves possible. Two sketches merge, within the same bound.
 */
final class FrequentDirections extends StreamSketch {
  private static final int LEAST_ROWS = 4;
  private static final int MOST_ROWS = 512;
  private static final int STRIP = 64;

  private final int capacity;
  private final float[] rows;
  private final double[] ones;
  private final float[] strip;
  private final double[] rotated;
  private final double[] factors;
  private final TopDirections top;
  private int count;
  private double taken;

  FrequentDirections(SketchOptions options, SketchKernel kernel) {
    super(FrequentDirectionsProvider.NAME, options, kernel);
    capacity = capacity(options);
    rows = space.floats(capacity * width);
    ones = space.doubles(capacity);
    strip = space.floats(capacity * STRIP);
    rotated = space.doubles(capacity / 2 * STRIP);
    factors = space.doubles(capacity / 2);
    top = new TopDirections(kernel, width, capacity, space);
    Arrays.fill(ones, 1);
  }

  private static int capacity(SketchOptions options) {
    int capacity = MOST_ROWS;
    while (capacity > LEAST_ROWS && bytes(options.width(), capacity) > options.mostBytes()) {
      capacity -= 2;
    }
    long least = bytes(options.width(), capacity);
    if (least > options.mostBytes() || options.directions() > capacity / 2) {
      throw Errors.invalidSetting(
          "budget of " + FrequentDirectionsProvider.NAME,
          options.mostBytes(),
          "at least " + least + " bytes, and twice as many rows as directions");
    }
    return capacity;
  }

  /** The bytes of a sketch with these options. */
  static long bytes(SketchOptions options) {
    return bytes(options.width(), capacity(options));
  }

  /** The bytes of a sketch with that many rows. */
  static long bytes(int width, long capacity) {
    return BASE_BYTES
        + Float.BYTES * capacity * width
        + Float.BYTES * capacity * STRIP
        + Double.BYTES * (capacity + capacity / 2 * (STRIP + 1))
        + TopDirections.bytes(capacity);
  }

  @Override
  void take(float[] values, int from, int rowCount, double[] squares, int at) {
    for (int i = 0; i < rowCount; i++) {
      if (count == capacity) {
        shrink();
      }
      System.arraycopy(values, from + i * width, rows, count * width, width);
      count++;
    }
  }

  /** Makes at least half of the buffer free. */
  private void shrink() {
    top.solve(rows, count, ones);
    int half = capacity / 2;
    double least = Math.max(0, top.value(half - 1));
    taken += least;
    int left = 0;
    while (left < half && top.value(left) > least) {
      left++;
    }
    for (int i = 0; i < left; i++) {
      factors[i] = Math.sqrt((top.value(i) - least) / top.value(i));
    }
    double[] weights = top.weights(count, left, factors);
    for (int from = 0; from < width; from += STRIP) {
      rotate(from, Math.min(STRIP, width - from), left, weights);
    }
    count = left;
  }

  /** Rotates and shrinks a strip of columns. */
  private void rotate(int from, int columns, int left, double[] weights) {
    for (int r = 0; r < count; r++) {
      System.arraycopy(rows, r * width + from, strip, r * columns, columns);
    }
    Arrays.fill(rotated, 0, left * columns, 0);
    kernel.accumulate(strip, 0, count, columns, weights, left, rotated);
    for (int i = 0; i < left; i++) {
      for (int j = 0; j < columns; j++) {
        rows[i * width + from + j] = (float) rotated[i * columns + j];
      }
    }
  }

  @Override
  public SketchResult result() {
    if (count == 0) {
      return result(Verdict.EMPTY, List.of(), List.of());
    }
    top.solve(rows, count, ones);
    return result(
        taken == 0 ? Verdict.EXACT : Verdict.ESTIMATE,
        top.directions(rows, count, ones, options.directions(), taken / 2),
        List.of());
  }

  /** What was taken away from each squared singular value, at most. */
  double taken() {
    return taken;
  }

  @Override
  public void merge(RowSketch other) {
    FrequentDirections theirs = mergeable(other, FrequentDirections.class);
    for (int i = 0; i < theirs.count; i += tile) {
      take(theirs.rows, i * width, Math.min(tile, theirs.count - i), ones, 0);
    }
    taken += theirs.taken;
  }

  @Override
  void saveMore(DataOutput out) throws IOException {
    out.writeInt(count);
    SavedState.write(out, rows, 0, count * width);
    out.writeDouble(taken);
  }

  @Override
  void restoreMore(DataInput in) throws IOException {
    count = SavedState.readCount(in, capacity, "rows");
    SavedState.read(in, rows, 0, count * width);
    taken = in.readDouble();
  }
}
