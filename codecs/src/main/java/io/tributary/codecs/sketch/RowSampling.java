package io.tributary.codecs.sketch;

import io.tributary.error.Errors;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchResult;
import io.tributary.sketch.SketchResult.Verdict;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * A sample of rows, taken with probabilities that grow with their squared length, for rows in any
 * order: priority sampling (Duffield, Lund and Thorup 2007).
 *
 * <p>Each row gets a random u in (0, 1] and the priority {@code ‖a‖²/u}; the rows of highest
 * priority are kept. With t the highest priority that was not kept, a kept row stands for a squared
 * length of {@code max(‖a‖², t)}, which makes the estimate of {@code AᵀA} unbiased. Two samples
 * merge if their seeds differ: otherwise they would have chosen alike.
 */
final class RowSampling extends StreamSketch {
  private static final int LEAST_ROWS = 4;
  private static final int MOST_ROWS = 512;

  private final int capacity;
  private final float[] rows;
  private final double[] squares;
  private final double[] priorities;
  private final double[] factors;
  private final TopDirections top;
  private int count;
  private double lost;
  private long seen;

  RowSampling(SketchOptions options, SketchKernel kernel) {
    super(RowSamplingProvider.NAME, options, kernel);
    capacity = capacity(options);
    rows = space.floats(capacity * width);
    squares = space.doubles(capacity);
    priorities = space.doubles(capacity);
    factors = space.doubles(capacity);
    top = new TopDirections(kernel, width, capacity, space);
  }

  private static int capacity(SketchOptions options) {
    int capacity = MOST_ROWS;
    while (capacity > LEAST_ROWS && bytes(options.width(), capacity) > options.mostBytes()) {
      capacity--;
    }
    long least = bytes(options.width(), capacity);
    if (least > options.mostBytes() || options.directions() > capacity) {
      throw Errors.invalidSetting(
          "budget of " + RowSamplingProvider.NAME,
          options.mostBytes(),
          "at least " + least + " bytes, and as many rows as directions");
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
        + 3 * Double.BYTES * capacity
        + TopDirections.bytes(capacity);
  }

  @Override
  void take(float[] values, int from, int rowCount, double[] energies, int at) {
    for (int i = 0; i < rowCount; i++) {
      double square = energies[at + i];
      double u = RandomNumbers.uniform(options.seed(), 0, seen++);
      offer(values, from + i * width, square, square / u);
    }
  }

  private void offer(float[] values, int from, double square, double priority) {
    int place = count;
    if (count == capacity) {
      place = lowest();
      if (priority <= priorities[place]) {
        lost = Math.max(lost, priority);
        return;
      }
      lost = Math.max(lost, priorities[place]);
    } else {
      count++;
    }
    System.arraycopy(values, from, rows, place * width, width);
    squares[place] = square;
    priorities[place] = priority;
  }

  private int lowest() {
    int lowest = 0;
    for (int i = 1; i < count; i++) {
      lowest = priorities[i] < priorities[lowest] ? i : lowest;
    }
    return lowest;
  }

  @Override
  public SketchResult result() {
    if (count == 0) {
      return result(Verdict.EMPTY, List.of(), List.of());
    }
    for (int i = 0; i < count; i++) {
      factors[i] = Math.sqrt(Math.max(1, lost / squares[i]));
    }
    top.solve(rows, count, factors);
    return result(
        lost == 0 ? Verdict.EXACT : Verdict.ESTIMATE,
        top.directions(rows, count, factors, options.directions(), 0),
        List.of());
  }

  @Override
  public void merge(RowSketch other) {
    if (other.options().seed() == options.seed()) {
      throw Errors.invalidSetting(
          "seed of the sample to merge", options.seed(), "another one than this sample's");
    }
    RowSampling theirs = mergeable(other, RowSampling.class);
    lost = Math.max(lost, theirs.lost);
    for (int i = 0; i < theirs.count; i++) {
      offer(theirs.rows, i * width, theirs.squares[i], theirs.priorities[i]);
    }
  }

  @Override
  void saveMore(DataOutput out) throws IOException {
    out.writeInt(count);
    SavedState.write(out, rows, 0, count * width);
    SavedState.write(out, squares, 0, count);
    SavedState.write(out, priorities, 0, count);
    out.writeDouble(lost);
    out.writeLong(seen);
  }

  @Override
  void restoreMore(DataInput in) throws IOException {
    count = SavedState.readCount(in, capacity, "rows");
    SavedState.read(in, rows, 0, count * width);
    SavedState.read(in, squares, 0, count);
    SavedState.read(in, priorities, 0, count);
    lost = in.readDouble();
    seen = in.readLong();
  }
}
